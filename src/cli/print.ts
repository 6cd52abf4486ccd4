import type { Host, Output } from '../host/host.ts';
import { neutralize, neutralizeJson } from '../lib/neutralize.ts';

/** Prints a result for people. On a terminal, nothing in it can act on the terminal. */
export function printText({ io }: Pick<Host, 'io'>, text: string): void {
  io.stdout.write(isTerminal(io.stdout) ? neutralize(text) : text);
}

/** Prints a result for programs, over several lines unless told otherwise. */
export function printJson({ io }: Pick<Host, 'io'>, document: unknown, indent = 2): void {
  const json = `${JSON.stringify(document, undefined, indent)}\n`;
  io.stdout.write(isTerminal(io.stdout) ? neutralizeJson(json) : json);
}

/** Prints one line of many for programs. Resolves when the stream has room for the next: its reader may be slow. */
export function printJsonLine({ io }: Pick<Host, 'io'>, line: string): Promise<void> {
  const text = isTerminal(io.stdout) ? neutralizeJson(line) : line;
  // Called back with an error, too: a reader that left does not keep us from ending.
  return new Promise((resolve) => io.stdout.write(text, () => resolve()));
}

function isTerminal(output: Output): boolean {
  return output.isTTY === true;
}
