import { expect, test } from 'vitest';
import { taskSchema } from '../../../src/spec/schema.ts';
import { suggestValue } from '../../../src/spec/suggest-value.ts';
import { workflowSchema } from '../../../src/spec/workflow/workflow-schema.ts';

const hintOf = (schema: typeof taskSchema | typeof workflowSchema, fields: object): string | undefined => {
  const [issue] = schema.partial().safeParse(fields).error?.issues ?? [];
  return issue && suggestValue(issue, fields);
};

test.each([
  [{ timeout: '30 s' }, '30s'],
  [{ timeout: '1.5 Hours' }, '1.5h'],
  [{ timeout: '20 milliseconds' }, '20ms'],
  [{ timeout: 'soon' }, undefined],
  [{ retries: '3' }, '3'],
  [{ retries: 'three' }, undefined],
  [{ retries: 101 }, undefined],
  [{ think: 'hgih' }, 'high'],
  [{ input: 42 }, '"42"'],
  [{ input: false }, '"false"'],
  [{ input: ['x'] }, undefined],
  [{ messages: [{ role: 'usr', content: '' }] }, 'user'],
])('for the field %j of a task, %j is suggested', (fields, meant) => {
  expect(hintOf(taskSchema, fields)).toBe(meant === undefined ? undefined : `did you mean '${meant}'?`);
});

test.each([
  ['yes', 'true'],
  ['On', 'true'],
  ['no', 'false'],
  ['maybe', undefined],
])('for %s, %s is suggested', (word, meant) => {
  expect(hintOf(workflowSchema, { fail_fast: word })).toBe(meant && `did you mean '${meant}'?`);
});
