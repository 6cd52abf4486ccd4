import { expect, test } from 'vitest';
import type { TaskCall } from '../../../src/tasks/define-task.ts';
import { answerNeeds } from '../../../src/tasks/answer-needs.ts';

test.each<[Omit<TaskCall, 'input'>, string[]]>([
  [{}, ['completion']],
  [{ images: [] }, ['completion']],
  [{ images: ['aGk='] }, ['completion', 'vision']],
  [{ messages: [{ role: 'user', content: 'x', images: ['aGk='] }] }, ['completion', 'vision']],
  [{ messages: [{ role: 'user', content: 'x' }] }, ['completion']],
  [{ think: true }, ['completion', 'thinking']],
  [{ think: 'low' }, ['completion', 'thinking']],
  [{ think: false }, ['completion']],
  [{ images: ['aGk='], think: true }, ['completion', 'vision', 'thinking']],
])('%j needs %j', (call, needs) => {
  expect(answerNeeds(call)).toEqual(needs);
});
