/** The same document without the keys that say nothing: many small objects are kept, and each key takes memory. */
export function withoutUndefined<T extends object>(document: T): T {
  const kept = {} as T;
  for (const key in document) if (document[key] !== undefined) kept[key] = document[key];
  return kept;
}
