/** Cuts as a server does: the first `keep` tokens stay, and as many of the last as fit. */
export function fitTokens(tokens: readonly number[], limit: number, keep: number): readonly number[] {
  if (tokens.length <= limit) return tokens;
  const head = Math.min(Math.max(0, keep), limit - 1);
  return [...tokens.slice(0, head), ...tokens.slice(tokens.length - (limit - head))];
}
