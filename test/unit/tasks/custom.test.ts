import { expect, test } from 'vitest';
import { customTask } from '../../../src/tasks/custom.ts';
import { recordingContext } from './recording-client.ts';

test('the handler gets the call and answers with a text, at once or later', async () => {
  const task = customTask(({ input, parameters }) =>
    input === 'later' ? Promise.resolve('then') : `${input} ${String(parameters?.['depth'])}`,
  );
  const calls = [{ input: 'now', parameters: { depth: 3 } }, { input: 'later' }];
  expect(await task.run(calls, recordingContext({}))).toEqual([{ output: 'now 3' }, { output: 'then' }]);
});

test('the handler can report pieces of its answer', async () => {
  const context = recordingContext({});
  const task = customTask((_call, { onDelta }) => {
    onDelta('text', 'piece');
    return 'piece';
  });
  await task.run([{ input: 'x' }], context);
  expect(context.deltas).toEqual([['text', 'piece']]);
});

test('a handler that fails fails the task', async () => {
  const task = customTask(() => Promise.reject(new Error('disk full')));
  await expect(task.run([{ input: 'x' }], recordingContext({}))).rejects.toThrow('disk full');
});

test('without a handler it says how to register one, and does nothing', async () => {
  const task = customTask();
  expect(task.unregistered).toBe('register one: createOrchestrator({ custom: handler })');
  await expect(task.run([{ input: 'x' }], recordingContext({}))).rejects.toThrow('no handler is registered');
});

test('with a handler it is a type like others', () => {
  expect(customTask(() => 'x').unregistered).toBeUndefined();
});
