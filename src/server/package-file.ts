import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

/** The text of a file that ships with the package, by its path in there. */
export async function readPackageFile(path: string): Promise<string> {
  // Seen from the sources or the bundle, and from the library.
  const places = [`../../${path}`, `../../../${path}`].map((place) => fileURLToPath(new URL(place, import.meta.url)));
  const found = places.find((file) => existsSync(file));
  if (found === undefined) throw new Error(`${path} is missing from this installation`);
  return readFile(found, 'utf8');
}
