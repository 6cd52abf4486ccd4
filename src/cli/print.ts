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

function isTerminal(output: Output): boolean {
  return output.isTTY === true;
}
