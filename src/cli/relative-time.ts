const hour = 3600;
const [day, week, month, year] = [24, 24 * 7, 24 * 30, 24 * 365];

/** How long ago something was, in the words of Ollama's CLI: `2 minutes ago`. */
export function relativeTime(thenMs: number, nowMs: number): string {
  return `${formatSpan((nowMs - thenMs) / 1e3)} ago`;
}

function formatSpan(seconds: number): string {
  if (seconds < 1) return 'Less than a second';
  if (seconds < 2) return '1 second';
  if (seconds < 60) return `${Math.floor(seconds)} seconds`;
  if (seconds < 120) return 'About a minute';
  if (seconds < hour) return `${Math.floor(seconds / 60)} minutes`;
  return formatHours(Math.round(seconds / hour));
}

function formatHours(hours: number): string {
  if (hours === 1) return 'About an hour';
  if (hours < 2 * day) return `${hours} hours`;
  if (hours < 2 * week) return `${Math.floor(hours / day)} days`;
  if (hours < 2 * month) return `${Math.floor(hours / week)} weeks`;
  if (hours < 2 * year) return `${Math.floor(hours / month)} months`;
  return `${Math.floor(hours / year)} years`;
}
