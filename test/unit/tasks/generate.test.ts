import { expect, test } from 'vitest';
import { generate } from '../../../src/tasks/generate.ts';
import { recordingContext } from './recording-client.ts';

const done = { response: '', done: true, done_reason: 'stop', eval_count: 2, context: [1, 2, 3] };

test('the pieces of an answer become one text, and are told as they come', async () => {
  const context = recordingContext({
    generate: [[{ response: 'Hel', done: false }, { response: 'lo', done: false }, done]],
  });
  expect(await generate.run([{ input: 'Hi' }], context)).toMatchObject([{ output: 'Hello' }]);
  expect(context.deltas).toEqual([
    ['text', 'Hel'],
    ['text', 'lo'],
  ]);
});

test('thinking is kept apart from the answer', async () => {
  const chunks = [{ response: '', thinking: 'hm', done: false }, { response: 'yes', done: false }, done];
  const context = recordingContext({ generate: [chunks] });
  expect(await generate.run([{ input: '?' }], context)).toMatchObject([{ output: 'yes', thinking: 'hm' }]);
  expect(context.deltas).toEqual([
    ['thinking', 'hm'],
    ['text', 'yes'],
  ]);
});

test('the closing line gives the metrics, without the tokens of the conversation', async () => {
  const [outcome] = await generate.run([{ input: 'x' }], recordingContext({ generate: [[done]] }));
  expect(outcome).toEqual({ output: '', metrics: { done_reason: 'stop', eval_count: 2 } });
  expect(outcome?.metrics).not.toHaveProperty('context');
});

test('the call is sent as it is', async () => {
  const call = {
    input: 'p',
    system: 's',
    format: 'json',
    images: ['aGk='],
    think: 'low',
    options: { seed: 1 },
  } as const;
  const context = recordingContext({ generate: [[done]] });
  await generate.run([{ ...call, images: [...call.images] }], context);
  const { input: prompt, ...rest } = call;
  expect(context.requests).toEqual([{ model: 'm', prompt, ...rest }]);
});

test('several calls are sent one by one', async () => {
  const context = recordingContext({ generate: [[{ response: 'a', done: true }], [{ response: 'b', done: true }]] });
  const outcomes = await generate.run([{ input: '1' }, { input: '2' }], context);
  expect(outcomes.map(({ output }) => output)).toEqual(['a', 'b']);
});

test('without a model it does not start', async () => {
  const context = { ...recordingContext({}), model: undefined };
  await expect(generate.run([{ input: 'x' }], context)).rejects.toThrow('needs a model');
});
