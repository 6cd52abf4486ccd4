import { expect, test } from 'vitest';
import { knownSpeeds, paceModel, sketchModel, usualAnswerOf } from '../../../src/app/model-sketches.ts';
import { fleetOf, hostOf, modelOf } from '../routing/fleet.ts';

const sketch = sketchModel({ name: 'llama3.2', size_bytes: 2e9 });
const measured = { tasks: 9, completed: 9, load_ms: 1_234, answer_ms: 500, prompt_tokens: 300, output_tokens: 80 };

test('a model that was measured does its usual task in its usual time, and half of it in half the time', () => {
  const { loadMs, tokensPerSecond, promptTokensPerSecond } = paceModel(sketch, measured);
  expect(loadMs).toBe(1_234);
  expect(300 / promptTokensPerSecond + 80 / tokensPerSecond).toBeCloseTo(0.5);
  expect(usualAnswerOf(measured)).toBe(80);
});

test('what was not measured stays as the size has it', () => {
  expect(paceModel(sketch, { tasks: 3, completed: 0 })).toEqual(sketch);
  expect(usualAnswerOf(undefined)).toBe(200);
});

test('each model has a speed by its size, and those that were measured by that, too', () => {
  const known = { ...modelOf('m'), measured };
  const { measured: found, sketched } = knownSpeeds(
    fleetOf({ ...hostOf('http://a', 'n'), models: [known, modelOf('n')] }),
  );
  expect([...sketched.keys()]).toEqual(['http://a\nm:latest', 'http://a\nn:latest']);
  expect([...found]).toEqual([['http://a\nm:latest', { loadMs: 1_234, answerMs: 500 }]]);
});
