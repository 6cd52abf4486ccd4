import { hashText } from '../lib/hash-text.ts';
import { createSeededRandom } from '../lib/seeded-random.ts';

/** Places in which a word shows. */
const placesOfWord = 16;

/** A vector of length one. Texts that share words are alike, as far as that goes; it depends on model and text alone. */
export function vectorOf(text: string, model: string, length: number): number[] {
  const vector = new Array<number>(length).fill(0);
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  for (const word of [...words, `${words.length}`]) {
    const dice = createSeededRandom(hashText(`${model} ${word}`));
    for (let place = 0; place < placesOfWord; place++) {
      const at = Math.floor(dice() * length);
      vector[at] = (vector[at] ?? 0) + dice() - 0.5;
    }
  }
  return normalize(vector);
}

/** The same direction with length one, in the precision of a server. */
export function normalize(vector: readonly number[]): number[] {
  const norm = Math.hypot(...vector);
  return vector.map((value) => Math.fround(value / norm));
}
