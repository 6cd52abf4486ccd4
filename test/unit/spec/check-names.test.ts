import { expect, test } from 'vitest';
import { checkNames } from '../../../src/spec/check-names.ts';

test.each([
  [['plan', 'code', 'style']],
  [['step1', 'step2']],
  [['a.b-c_1', '_x', 'Stdin2', 'items', 'vars', 'env', 'previous']],
  [['x'.repeat(64)]],
])('%j are good names', (names) => {
  expect(checkNames(names, 'step')).toEqual([]);
});

test.each([
  [['plan', 'code', 'Plan'], 'name-duplicate', "step 3 is named 'Plan' like step 1; names are unique"],
  [['two words'], 'task-invalid', "step 1: 'two words' is not a name; use letters, digits, _ . and -, at most 64"],
  [[''], 'task-invalid', "step 1: '' is not a name; use letters, digits, _ . and -, at most 64"],
  [['-x'], 'task-invalid', "step 1: '-x' is not a name; use letters, digits, _ . and -, at most 64"],
  [['plän'], 'task-invalid', "step 1: 'plän' is not a name; use letters, digits, _ . and -, at most 64"],
  [['a', 'stdin'], 'task-invalid', "step 2: 'stdin' is reserved for placeholders; choose another name"],
  [['Item'], 'task-invalid', "step 1: 'Item' is reserved for placeholders; choose another name"],
  [['vars.x'], 'task-invalid', "step 1: 'vars.x' is reserved for placeholders; choose another name"],
  [['ENV.x'], 'task-invalid', "step 1: 'ENV.x' is reserved for placeholders; choose another name"],
  [['steps.a.output'], 'task-invalid', "step 1: 'steps.a.output' is reserved for placeholders; choose another name"],
  [
    ['a', 'step1'],
    'task-invalid',
    "step 2 is named 'step1', which means step number 1 in placeholders; choose another name",
  ],
])('%j holds a wrong name', (names, code, message) => {
  expect(checkNames(names, 'step')).toEqual([
    { code, message, task: names.at(-1), at: { path: [names.length - 1, 'name'], part: 'word' } },
  ]);
});

test('a name is shown by its beginning only', () => {
  expect(checkNames(['x'.repeat(100_000)], 'task')[0]?.message.length).toBeLessThan(200);
});

test('every wrong name is told', () => {
  expect(checkNames(['a', 'a', 'a', '?'], 'task').map(({ code }) => code)).toEqual([
    'name-duplicate',
    'name-duplicate',
    'task-invalid',
  ]);
});
