// How well the classifier tells kinds of work apart: node bench/classify.mjs [PROMPTS], labelled ones, one JSON object a
// line with `source`, `kind` and `prompt`. Weights are learned anew for every fold and every source, never from the
// prompts they are judged by.
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createSeededRandom } from '../dist/lib/lib/seeded-random.js';
import * as classifier from '../dist/lib/routing/classifier/features.js';
import { splitPrompt } from '../dist/lib/routing/classifier/split-prompt.js';
import { createClassifier } from '../dist/lib/routing/classify.js';
import { createExampleReader, fit, madeUpPrompts, startingWeights } from '../scripts/kind-model.mjs';
import { atLeast, atMost, none, number, runAlone } from './section.mjs';

const folds = 10;
const shuffles = 5;
/** A feature that fewer prompts show would rest on too little. */
const fewestPrompts = 3;
const limits = { code: 0.97, micros: 200 };
const kinds = classifier.weighedKinds;
const toExample = createExampleReader(classifier, splitPrompt);
/** Learned from every time: they are part of the program, and of no fold. */
const madeUp = madeUpPrompts().map(toExample);
const start = startingWeights(classifier);
const classify = createClassifier();

/** Labelled prompts beside the checkout, unless others are named. */
function defaultFile() {
  const beside = new URL('../../shared/data/routing/dev.jsonl', import.meta.url);
  return process.env.OLLAMA_ORCHESTRATE_TEST_PROMPTS ?? fileURLToPath(beside);
}

/** @param {import('./section.mjs').Options} options */
export async function* measureClassify({ words: [file = defaultFile()] }) {
  const title = 'Which kind of work a prompt is';
  if (!existsSync(file))
    yield { title, leftOut: 'there are no labelled prompts; `OLLAMA_ORCHESTRATE_TEST_PROMPTS` names their file' };
  else yield* sectionsOf(title, evaluate(file));
}

/** All that is measured on the prompts of a file. */
function evaluate(file) {
  const prompts = readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const examples = prompts.map(toExample);
  const data = { prompts, examples, all: prompts.map((_, index) => index) };
  const isCode = ({ prompt }) => /code|function|programming/i.test(prompt);
  return {
    prompts: prompts.length,
    cross_validation: crossValidate(data),
    sources: acrossSources(data),
    made_up: score(data, data.all, learnedFrom(data, [])),
    checked_in: score(data, data.all, (index) => toWeighed(classify(prompts[index].prompt))),
    keyword_rule: score(data, data.all, (index) => (isCode(prompts[index]) ? 'code' : 'other')),
    rare_features: classifier.features
      .filter((_, at) => examples.filter(({ values }) => values[at] !== 0).length < fewestPrompts)
      .map(({ name }) => name),
    micros_per_2kb: microsPer2kB(data),
  };
}

/** Other kinds count as other: the labels do not know them. */
function toWeighed(kind) {
  return kinds.includes(kind) ? kind : 'other';
}

function learnedFrom({ prompts, examples }, indexes) {
  const weights = fit([...madeUp, ...indexes.map((index) => examples[index])], start);
  const learned = createClassifier(weights);
  return (index) => toWeighed(learned(prompts[index].prompt));
}

function crossValidate(data) {
  const { all } = data;
  const random = createSeededRandom(7);
  const scores = Array.from({ length: shuffles }, () => {
    const shuffled = all.map((index) => [random(), index]).sort((a, b) => a[0] - b[0]);
    const foldOf = new Map(shuffled.map(([, index], place) => [index, place % folds]));
    const judges = Array.from({ length: folds }, (_, fold) =>
      learnedFrom(
        data,
        all.filter((index) => foldOf.get(index) !== fold),
      ),
    );
    return score(data, all, (index) => judges[foldOf.get(index)](index));
  });
  const mean = scores.reduce((sum, { code }) => sum + code, 0) / shuffles;
  return { code: mean, least: Math.min(...scores.map(({ code }) => code)), confusion: scores[0].confusion };
}

function acrossSources(data) {
  const { prompts, all } = data;
  const sources = [...new Set(prompts.map(({ source }) => source))];
  const of = (source) => all.filter((index) => prompts[index].source === source);
  return sources.flatMap((from) =>
    sources
      .filter((to) => to !== from)
      .map((to) => ({ from, to, code: score(data, of(to), learnedFrom(data, of(from))).code })),
  );
}

/** How many are told rightly to be code or not, and what was taken for what. */
function score({ prompts }, indexes, judge) {
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

function microsPer2kB({ prompts }) {
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

function* sectionsOf(title, results) {
  const { cross_validation: cross, sources, checked_in: checked, keyword_rule: rule } = results;
  const share = (value) => value.toFixed(3);
  const least = `${share(cross.code)}, ${share(cross.least)} at least`;
  yield {
    title,
    about: `${number(results.prompts)} labelled prompts: the share that is told rightly to be code or not. Weights are learned anew for every
fold and every source, never from the prompts they are judged by.`,
    columns: ['learned from', 'judged on', 'right'],
    rows: [
      [`${folds - 1} in ${folds}, in turns, ${shuffles} shuffles`, 'the others', least],
      ...sources.map(({ from, to, code }) => [from, to, share(code)]),
      ['made up prompts alone', 'all', share(results.made_up.code)],
      ['all, as checked in', 'all', share(checked.code)],
      ['the words `code`, `function`, `programming`', 'all', share(rule.code)],
    ],
    checks: [
      atLeast('share by cross-validation', cross.code, limits.code, share),
      ...sources.map(({ from, to, code }) =>
        atLeast(`learned from ${from}, judged on ${to}`, code, limits.code, share),
      ),
      none('features that fewer than three prompts show', results.rare_features.length),
      atMost('a prompt of 2 kB', results.micros_per_2kb, limits.micros, (micros) => `${micros} µs`),
    ],
  };
  yield {
    title: 'What was taken for what, by cross-validation',
    columns: ['label', ...kinds],
    rows: kinds.map((kind) => [kind, ...kinds.map((found) => cross.confusion[kind][found])]),
  };
}

// The test suite reads the numbers.
if (process.argv[3] === '--json') console.log(JSON.stringify(evaluate(process.argv[2])));
else await runAlone(import.meta.url, measureClassify);
