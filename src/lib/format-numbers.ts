/** A time as people read it: `40ms`, `3.2s`, `1m05s`, `2h03m`. */
export function formatSeconds(ns: number): string {
  const seconds = Math.max(0, ns) / 1e9;
  if (seconds < 0.0995) return `${Math.round(seconds * 1e3)}ms`;
  if (seconds < 59.95) return `${seconds.toFixed(1)}s`;
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}m${pad(whole % 60)}s`;
  return `${Math.floor(minutes / 60)}h${pad(minutes % 60)}m`;
}

/** A speed with the digits that matter: `8.3`, `20.1`, `140`. */
export function formatRate(perSecond: number): string {
  return perSecond < 99.95 ? perSecond.toFixed(1) : String(Math.round(perSecond));
}

/** A number with its noun: `1 task`, `3 tasks`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
