/** Where a value inside another one stands. */
export type ValuePath = readonly (string | number)[];

/** The value at a place inside another one; undefined when there is none. Only what JSON holds is looked at. */
export function pickValue(value: unknown, path: ValuePath): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
}

/** A value as it stands in a text: a text as it is, everything else as JSON. */
export function showValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
