// The classifier's arithmetic: logistic regression over a handful of features. Weights begin where the features mean
// them to be and are moved by examples, the more the more examples say so: with few examples knowledge decides.
import { readFileSync } from 'node:fs';

/** How hard it is to move a weight away from where it began. */
const stiffness = 0.01;
const rate = 0.5;
const momentum = 0.9;
const rounds = 400;

/** Prompts made up for the purpose, as plain as most are: labelled collections hold the long and the odd. */
export function madeUpPrompts() {
  return readFileSync(new URL('kind-examples.txt', import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => ({ kind: line.slice(0, line.indexOf(':')), prompt: line.slice(line.indexOf(':') + 2) }));
}

/** Makes the function that turns a labelled prompt into an example for {@link fit}. */
export function createExampleReader({ createFeatureReader, weighedKinds }, splitPrompt) {
  const read = createFeatureReader();
  return ({ prompt, kind }) => ({ values: [...read(splitPrompt(prompt))], kind: weighedKinds.indexOf(kind) });
}

/** Where the weights begin: a row per kind, a column per feature and one for the kind itself. */
export function startingWeights({ features, weighedKinds }) {
  return weighedKinds.map((kind) => [
    ...features.map(({ meant }) => (meant?.[0] === kind ? meant[1] : 0)),
    kind === 'other' ? 0.7 : 0,
  ]);
}

/**
 * @param {{ values: readonly number[], kind: number }[]} examples what the features read, and the kind it is
 * @param {readonly (readonly number[])[]} start as from {@link startingWeights}
 */
export function fit(examples, start) {
  const weights = start.map((row) => Float64Array.from(row));
  const speeds = start.map((row) => new Float64Array(row.length));
  for (let round = 0; round < rounds; round += 1) {
    const ahead = weights.map((row, kind) => row.map((weight, at) => weight + momentum * speeds[kind][at]));
    const slopes = slopesOf(examples, ahead);
    for (const [kind, row] of weights.entries()) {
      for (let at = 0; at < row.length; at += 1) {
        const slope = slopes[kind][at] + stiffness * (row[at] - start[kind][at]);
        speeds[kind][at] = momentum * speeds[kind][at] - rate * slope;
        row[at] += speeds[kind][at];
      }
    }
  }
  return weights.map((row) => [...row]);
}

function slopesOf(examples, weights) {
  const slopes = weights.map((row) => new Float64Array(row.length));
  for (const { values, kind } of examples) {
    const chances = chancesOf(values, weights);
    for (const [each, slope] of slopes.entries()) {
      const error = (chances[each] - Number(each === kind)) / examples.length;
      for (let at = 0; at < values.length; at += 1) slope[at] += error * values[at];
      slope[values.length] += error;
    }
  }
  return slopes;
}

function chancesOf(values, weights) {
  const scores = weights.map((row) => values.reduce((sum, value, at) => sum + value * row[at], row[values.length]));
  const most = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - most));
  const sum = powers.reduce((all, power) => all + power, 0);
  return powers.map((power) => power / sum);
}
