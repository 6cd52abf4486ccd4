/** What a server can do and tells, by its version. */
export type Features = ReturnType<typeof featuresOf>;

/** What a server of this version can do and tell. */
export function featuresOf(version: string) {
  const since = (wanted: string): boolean => compareVersions(version, wanted) >= 0;
  return {
    embed: since('0.2.6'),
    shownCapabilities: since('0.6.4'),
    methodNotAllowed: since('0.7.0'),
    loadedContext: since('0.10.0'),
    /** Before, an error ahead of the first line was a line of a 200. */
    statusErrors: since('0.12.6'),
    toolCallIds: since('0.12.10'),
    cloudStatus: since('0.16.2'),
    listedCapabilities: since('0.30.0'),
    /** Since then a chat model refuses to embed. */
    strictEmbed: since('0.30.0'),
    /** Since then models run in llama.cpp's own server. */
    llamaServer: since('0.30.0'),
    /** Since then what is left of a prompt that is too long is about half a context. */
    halvesPrompts: since('0.30.0'),
  };
}

function compareVersions(a: string, b: string): number {
  const numbers = (text: string): number[] => text.split(/[.-]/).slice(0, 3).map(Number);
  const [left, right] = [numbers(a), numbers(b)];
  const at = left.findIndex((number, index) => number !== right[index]);
  return at === -1 ? 0 : (left[at] ?? 0) - (right[at] ?? 0);
}
