import { expect, test } from 'vitest';
import { normalizeTask, taskSchema } from '../../../src/spec/schema.ts';

test.each([
  [
    { type: 'generate', prompt: 'p', model: 'm' },
    { type: 'generate', input: 'p', model_name: 'm' },
  ],
  [
    { type: 'generate', input: 'p', model_name: 'm' },
    { type: 'generate', input: 'p', model_name: 'm' },
  ],
  [{ input: 'p', prompt: 'p' }, { input: 'p' }],
  [{ input: 'p', system: null, model: null }, { input: 'p' }],
])('%j is brought into its first spelling', (raw, fields) => {
  expect(normalizeTask(raw)).toEqual({ fields, conflicts: [], ignored: [] });
});

test('every field may stand in parameters, in both spellings', () => {
  const parameters = {
    prompt: 'p',
    model: 'm',
    system: 's',
    messages: [],
    format: 'json',
    images: [],
    think: true,
    options: { num_ctx: 1 },
    timeout: 3,
    retries: 1,
  };
  const { prompt, model, ...rest } = parameters;
  expect(normalizeTask({ type: 'generate', parameters })).toEqual({
    fields: { type: 'generate', parameters, input: prompt, model_name: model, ...rest },
    conflicts: [],
    ignored: [],
  });
});

test.each([
  [{ input: 'a', prompt: 'b' }, ['input']],
  [{ model: 'a', parameters: { model_name: 'b' } }, ['model_name']],
  [{ options: { a: 1 }, parameters: { options: { a: 2 } } }, ['options']],
])('%j says one thing twice', (raw, conflicts) => {
  expect(normalizeTask(raw).conflicts).toEqual(conflicts);
});

test('type, name and parameters itself may not stand in parameters, nor may what is unknown', () => {
  const parameters = { type: 'chat', name: 'x', parameters: {}, temperature: 1, __proto__x: 1 };
  const { fields, ignored } = normalizeTask({ type: 'generate', parameters });
  expect([fields, ignored]).toEqual([
    { type: 'generate', parameters },
    ['type', 'name', 'parameters', 'temperature', '__proto__x'],
  ]);
});

test('a key that is special to JavaScript is a key like any other', () => {
  const raw = JSON.parse('{"__proto__": {"type": "generate"}}') as Record<string, unknown>;
  const { fields } = normalizeTask(raw);
  expect([fields.type, Object.keys(fields)]).toEqual([undefined, ['__proto__']]);
});

test.each([
  ['30s', 30_000],
  [' 1m30s ', 90_000],
  ['250ms', 250],
  [45, 45_000],
  [0.5, 500],
  [2_147_483, 2_147_483_000],
])('a timeout of %j is %i ms', (timeout, timeoutMs) => {
  expect(taskSchema.parse({ type: 'generate', timeout }).timeout).toBe(timeoutMs);
});

const durationRule = 'must be a duration such as "30s", "5m" or a number of seconds, above 0 and at most 24 days';

test.each([
  [{ timeout: '30' }, 'timeout', `${durationRule}, not "30"`],
  [{ timeout: 0 }, 'timeout', `${durationRule}, not 0`],
  [{ timeout: '-5s' }, 'timeout', `${durationRule}, not "-5s"`],
  [{ timeout: 2_147_484 }, 'timeout', `${durationRule}, not 2147484`],
  [{ timeout: '1000h' }, 'timeout', `${durationRule}, not "1000h"`],
  [{ timeout: true }, 'timeout', 'must be a duration such as "30s", or a number of seconds'],
  [{ type: '' }, 'type', 'must be a task type such as "generate"'],
  [{ type: undefined }, 'type', 'must be a task type such as "generate"'],
  [{ input: 3 }, 'input', 'must be text'],
  [{ name: 3 }, 'name', 'must be text'],
  [{ model_name: ' ' }, 'model_name', 'must be the name of a model'],
  [{ parameters: [] }, 'parameters', 'must be an object'],
  [{ system: {} }, 'system', 'must be text'],
  [{ messages: [] }, 'messages', 'must be a list of at least one message'],
  [{ messages: ['hi'] }, 'messages.0', 'must be an object with role and content'],
  [{ messages: [{ role: 'bot', content: '' }] }, 'messages.0.role', 'must be system, user, assistant or tool'],
  [{ messages: [{ role: 'user' }] }, 'messages.0.content', 'must be text'],
  [
    { messages: [{ role: 'tool', content: '', tool_calls: [{ function: {} }] }] },
    'messages.0.tool_calls.0.function.name',
    'must be text',
  ],
  [{ format: 'xml' }, 'format', 'must be "json" or a JSON Schema'],
  [{ images: 'a.png' }, 'images', 'must be a list of images'],
  [{ images: [1] }, 'images.0', 'must be text'],
  [{ think: 'hard' }, 'think', 'must be true, false, "low", "medium", "high" or "max"'],
  [{ options: 'num_ctx=1' }, 'options', 'must be an object'],
  [{ retries: 1.5 }, 'retries', 'must be a whole number from 0 to 100'],
  [{ retries: -1 }, 'retries', 'must be a whole number from 0 to 100'],
  [{ retries: 101 }, 'retries', 'must be a whole number from 0 to 100'],
])('%j is refused at %s', (fields, path, message) => {
  const [issue] = taskSchema.safeParse({ type: 'generate', ...fields }).error?.issues ?? [];
  expect([issue?.path.join('.'), issue?.message]).toEqual([path, message]);
});
