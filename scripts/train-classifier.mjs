// Learns the weights of the classifier from labelled prompts and writes them down: node scripts/train-classifier.mjs
// PROMPTS, one JSON object a line with `prompt` and `kind`. Weights are all that is kept of the prompts.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import * as classifier from '../dist/lib/routing/classifier/features.js';
import { splitPrompt } from '../dist/lib/routing/classifier/split-prompt.js';
import { createExampleReader, fit, madeUpPrompts, startingWeights } from './kind-model.mjs';

const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('which labelled prompts? node scripts/train-classifier.mjs PROMPTS');

const toExample = createExampleReader(classifier, splitPrompt);
const labelled = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const madeUp = madeUpPrompts();
const learned = fit([...labelled, ...madeUp].map(toExample), startingWeights(classifier));
const rows = classifier.weighedKinds.map(
  (kind, at) => `// ${kind}\n[${learned[at].map((weight) => +weight.toFixed(2))}],`,
);
const target = fileURLToPath(new URL('../src/routing/classifier/weights.ts', import.meta.url));
const text = `// Made by scripts/train-classifier.mjs from ${labelled.length} labelled and ${madeUp.length} made up prompts. Do not edit.

/** Per kind, in the order of \`weighedKinds\`: a weight per feature, and one for the kind itself. */
export const weights: readonly (readonly number[])[] = [
  ${rows.join('\n')}
];
`;
writeFileSync(target, await format(text, { ...(await resolveConfig(target)), parser: 'typescript' }));
