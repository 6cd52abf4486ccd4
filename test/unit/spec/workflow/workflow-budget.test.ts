import { expect, test } from 'vitest';
import { parseBudget } from '../../../../src/spec/workflow/workflow-budget.ts';

test.each([
  [{ tokens: 5000 }, { tokens: 5000 }],
  [
    { tokens: 1, loads: 2, time: '10m' },
    { tokens: 1, loads: 2, timeMs: 600_000 },
  ],
  [{ time: 30, loads: null }, { timeMs: 30_000 }],
  ['tokens=5000', { tokens: 5000 }],
  [' tokens = 5000 , time=10m, loads=3 ', { tokens: 5000, timeMs: 600_000, loads: 3 }],
])('%j is the budget %j', (value, budget) => {
  const parsed = parseBudget(value);
  expect(parsed.findings).toEqual([]);
  expect(parsed.budget).toEqual(budget);
});

test.each([
  [{}, 'budget: holds no limit', []],
  ['', 'budget: holds no limit', []],
  [5, 'budget: must be a map with tokens, loads or time', []],
  [{ tokens: 0 }, 'budget.tokens: must be a whole number above 0', ['tokens']],
  [{ loads: 1.5 }, 'budget.loads: must be a whole number above 0', ['loads']],
  [{ tokens: '5000' }, 'budget.tokens: must be a whole number above 0', ['tokens']],
])('%j is none', (value, message, path) => {
  const parsed = parseBudget(value);
  expect(parsed.budget).toBeUndefined();
  expect(parsed.findings).toMatchObject([{ message, at: { path } }]);
});

test.each([
  ['tokens', "budget: 'tokens' is no limit", 'tokens'],
  ['time=5m,token=5', "budget: unknown limit 'token'", 'token'],
  ['loads=1, loads=2', "budget: 'loads' is given twice", 'loads'],
  ['loads=1, tokens=many', 'budget.tokens: must be a whole number above 0', 'many'],
])('in the text %j the wrong words are marked', (text, message, words) => {
  const [finding] = parseBudget(text).findings;
  const { start = 0, length = 0 } = finding?.at?.piece ?? {};
  expect([finding?.message, text.slice(start, start + length)]).toEqual([message, words]);
});
