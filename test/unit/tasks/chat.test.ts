import { expect, test } from 'vitest';
import { chat } from '../../../src/tasks/chat.ts';
import type { TaskCall } from '../../../src/tasks/define-task.ts';
import { recordingContext } from './recording-client.ts';

const user = { role: 'user', content: 'hi' };
const assistant = { role: 'assistant', content: 'hello' };
const system = { role: 'system', content: 'be brief' };
const picture = { role: 'user', content: '', images: ['aGk='] };

test.each<[string, TaskCall, unknown[]]>([
  ['a prompt alone', { input: 'hi' }, [user]],
  ['a system prompt', { input: 'hi', system: 'be brief' }, [system, user]],
  [
    'messages before the prompt',
    { input: 'and?', messages: [user, assistant] },
    [user, assistant, { role: 'user', content: 'and?' }],
  ],
  ['messages alone', { input: '', messages: [user] }, [user]],
  ["the agent's system prompt before messages", { input: '', system: 'be brief', messages: [user] }, [system, user]],
  [
    'messages with a system prompt of their own',
    { input: '', system: 'other', messages: [system, user] },
    [system, user],
  ],
  ['a picture', { input: 'hi', images: ['aGk='] }, [{ ...user, images: ['aGk='] }]],
  ['a picture after messages, without words', { input: '', messages: [user], images: ['aGk='] }, [user, picture]],
])('%s is sent', async (_what, call, messages) => {
  const context = recordingContext({ chat: [[]] });
  await chat.run([call], context);
  expect(context.requests).toEqual([{ model: 'm', messages }]);
});

test('text, thinking and tool calls are gathered, whichever line they come on', async () => {
  const tool = { function: { name: 'clock', arguments: {} } };
  const context = recordingContext({
    chat: [
      [
        { message: { role: 'assistant', content: '', thinking: 'hm' }, done: false },
        { message: { role: 'assistant', content: 'It is ', tool_calls: [tool] }, done: false },
        { message: { role: 'assistant', content: 'late', tool_calls: [tool] }, done: true, done_reason: 'stop' },
      ],
    ],
  });
  expect(await chat.run([{ input: 'time?' }], context)).toEqual([
    { output: 'It is late', thinking: 'hm', tool_calls: [tool, tool], metrics: { done_reason: 'stop' } },
  ]);
});

test('tool calls without end are cut off', async () => {
  const tool = { function: { name: 'f', arguments: { text: 'x'.repeat(1 << 20) } } };
  const line = { message: { role: 'assistant', content: '', tool_calls: [tool] }, done: false };
  const context = recordingContext({ chat: [Array.from({ length: 17 }, () => line)] });
  await expect(chat.run([{ input: 'go' }], context)).rejects.toMatchObject({ problem: { code: 'output-too-large' } });
});

test('format, think and options are sent', async () => {
  const context = recordingContext({ chat: [[]] });
  await chat.run([{ input: 'hi', format: { type: 'object' }, think: false, options: { seed: 1 } }], context);
  expect(context.requests).toMatchObject([{ format: { type: 'object' }, think: false, options: { seed: 1 } }]);
});
