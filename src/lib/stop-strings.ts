/** Passes text on until a stop string appears in it; text that may be the start of one is held back. */
export interface StopScanner {
  push(piece: string): { text: string; isStopped: boolean };
  /** What was held back, once no more text comes. */
  flush(): string;
}

/** Watches a stream of text for any of the stop strings, wherever the pieces are cut. */
export function createStopScanner(stops: readonly string[]): StopScanner {
  const wanted = stops.filter((stop) => stop !== '');
  let held = '';
  return {
    push(piece) {
      held += piece;
      const at = firstIndexOf(held, wanted);
      if (at !== undefined) return { text: take(at), isStopped: true };
      return { text: take(held.length - openEnd(held, wanted)), isStopped: false };
    },
    flush: () => take(held.length),
  };

  function take(length: number): string {
    const text = held.slice(0, length);
    held = held.slice(length);
    return text;
  }
}

function firstIndexOf(text: string, stops: readonly string[]): number | undefined {
  const found = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return found.length > 0 ? Math.min(...found) : undefined;
}

/** Length of the longest end of the text that is the beginning of a stop string. */
function openEnd(text: string, stops: readonly string[]): number {
  let longest = 0;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > longest; length--) {
      if (text.endsWith(stop.slice(0, length))) longest = length;
    }
  }
  return longest;
}
