// How well the classifier tells kinds of work apart: node bench/classify.mjs PROMPTS, labelled ones, one JSON object a
// line with `source`, `kind` and `prompt`. Weights are learned anew for every fold and every source, never from the
// prompts they are judged by.
import { readFileSync } from 'node:fs';
import * as classifier from '../dist/lib/routing/classifier/features.js';
import { splitPrompt } from '../dist/lib/routing/classifier/split-prompt.js';
import { createClassifier } from '../dist/lib/routing/classify.js';
import { createExampleReader, fit, madeUpPrompts, startingWeights } from '../scripts/kind-model.mjs';

const folds = 10;
const shuffles = 5;
/** A feature that fewer prompts show would rest on too little. */
const fewestPrompts = 3;
const kinds = classifier.weighedKinds;
const [file, ...flags] = process.argv.slice(2);
if (file === undefined) throw new Error('which labelled prompts? node bench/classify.mjs PROMPTS [--json]');
const prompts = readFileSync(file, 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const toExample = createExampleReader(classifier, splitPrompt);
const examples = prompts.map(toExample);
/** Learned from every time: they are part of the program, and of no fold. */
const madeUp = madeUpPrompts().map(toExample);
const start = startingWeights(classifier);
const all = prompts.map((_, index) => index);

const results = { cross_validation: crossValidate(), sources: acrossSources() };
results.made_up = score(all, learnedFrom([]));
results.checked_in = score(all, (index) => toWeighed(createClassifierOnce()(prompts[index].prompt)));
results.keyword_rule = score(all, (index) =>
  /code|function|programming/i.test(prompts[index].prompt) ? 'code' : 'other',
);
results.rare_features = classifier.features
  .filter((_, at) => examples.filter(({ values }) => values[at] !== 0).length < fewestPrompts)
  .map(({ name }) => name);
results.micros_per_2kb = microsPer2kB();
if (flags.includes('--json')) console.log(JSON.stringify(results));
else print();

function createClassifierOnce() {
  return (createClassifierOnce.made ??= createClassifier());
}

/** Other kinds count as other: the labels do not know them. */
function toWeighed(kind) {
  return kinds.includes(kind) ? kind : 'other';
}

function learnedFrom(indexes) {
  const weights = fit([...madeUp, ...indexes.map((index) => examples[index])], start);
  const classify = createClassifier(weights);
  return (index) => toWeighed(classify(prompts[index].prompt));
}

function crossValidate() {
  const random = createRandom();
  const scores = Array.from({ length: shuffles }, () => {
    const shuffled = all.map((index) => [random(), index]).sort((a, b) => a[0] - b[0]);
    const foldOf = new Map(shuffled.map(([, index], place) => [index, place % folds]));
    const judges = Array.from({ length: folds }, (_, fold) =>
      learnedFrom(all.filter((index) => foldOf.get(index) !== fold)),
    );
    return score(all, (index) => judges[foldOf.get(index)](index));
  });
  const mean = scores.reduce((sum, { code }) => sum + code, 0) / shuffles;
  return { code: mean, least: Math.min(...scores.map(({ code }) => code)), confusion: scores[0].confusion };
}

function acrossSources() {
  const sources = [...new Set(prompts.map(({ source }) => source))];
  const of = (source) => all.filter((index) => prompts[index].source === source);
  return sources.flatMap((from) =>
    sources.filter((to) => to !== from).map((to) => ({ from, to, code: score(of(to), learnedFrom(of(from))).code })),
  );
}

/** How many are told rightly to be code or not, and what was taken for what. */
function score(indexes, judge) {
  const confusion = Object.fromEntries(
    kinds.map((kind) => [kind, Object.fromEntries(kinds.map((other) => [other, 0]))]),
  );
  let right = 0;
  for (const index of indexes) {
    const { kind } = prompts[index];
    const found = judge(index);
    confusion[kind][found] += 1;
    right += Number((kind === 'code') === (found === 'code'));
  }
  return { code: right / indexes.length, confusion };
}

/** The same shuffles each time. */
function createRandom() {
  let state = 7;
  return () => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
}

function microsPer2kB() {
  const classify = createClassifierOnce();
  const texts = prompts.map(({ prompt }) => prompt.repeat(Math.ceil(2_000 / prompt.length)).slice(0, 2_000));
  for (const text of texts) classify(text);
  // Of several rounds the best: others were slowed down by what else the machine did.
  const times = Array.from({ length: 10 }, () => {
    const began = process.cpuUsage();
    for (const text of texts) classify(text);
    return process.cpuUsage(began).user;
  });
  return Math.round(Math.min(...times) / texts.length);
}

function print() {
  const { cross_validation: cross, sources, checked_in: checked, keyword_rule: rule } = results;
  console.log(`${prompts.length} prompts, ${kinds.join(', ')}\n\ncode or not code, share that is right`);
  console.log(
    `  ${folds}-fold cross-validation   ${cross.code.toFixed(3)}  (mean of ${shuffles} shuffles, least ${cross.least.toFixed(3)})`,
  );
  for (const { from, to, code } of sources) console.log(`  ${`${from} → ${to}`.padEnd(26)} ${code.toFixed(3)}`);
  console.log(`  ${'made up prompts alone'.padEnd(26)} ${results.made_up.code.toFixed(3)}`);
  console.log(`  ${'weights as checked in'.padEnd(26)} ${checked.code.toFixed(3)}`);
  console.log(`  ${'keyword rule'.padEnd(26)} ${rule.code.toFixed(3)}`);
  printConfusion('cross-validation', cross);
  printConfusion('weights as checked in', checked);
  console.log(`\n${results.micros_per_2kb} µs for a prompt of 2 kB`);
}

function printConfusion(title, { confusion }) {
  console.log(`\n${title}: label ↓, found →`);
  console.log(['', ...kinds].map((word) => word.padEnd(10)).join(''));
  for (const kind of kinds)
    console.log(
      [kind, ...kinds.map((other) => confusion[kind][other])].map((word) => String(word).padEnd(10)).join(''),
    );
}
