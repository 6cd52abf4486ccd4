import type { ModelSketch } from './guess-model.ts';

/** A small, a coding, a thinking, a seeing and an embedding model: what there is where nobody said what there is. */
export const defaultModels: readonly ModelSketch[] = [
  'llama3.2',
  'codellama',
  'qwen3',
  'llava',
  'nomic-embed-text',
].map((name) => ({ name }));
