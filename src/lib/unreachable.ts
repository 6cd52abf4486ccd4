/** Ends a switch over a union: a forgotten member does not compile. */
export function unreachable(value: never): never {
  throw new Error(`unhandled value ${JSON.stringify(value)}`);
}
