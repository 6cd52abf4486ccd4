const units = ['B', 'KB', 'MB', 'GB', 'TB'];

/** A size as Ollama's CLI shows it: decimal units, one digit after the point below ten. `98 MB`, `1.5 GB`. */
export function formatBytes(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const shown = value < 10 && !Number.isInteger(value) ? value.toFixed(1) : Math.trunc(value).toString();
  return `${shown} ${units[unit] ?? ''}`;
}
