import { expect, test } from 'vitest';
import { toKeptRequest } from '../../../src/journal/kept-request.ts';
import { createSchemaCompiler } from '../../../src/spec/compile-schema.ts';
import { generate } from '../../../src/tasks/generate.ts';
import { specOf } from '../spec/spec-rig.ts';

const task = { name: 'task1', definition: generate, prompt: [{ text: 'hi' }], needs: [], warnings: [] };

test('header values and passwords in addresses are not kept', () => {
  const hosts = [{ url: 'https://u:secret1@h', headers: { Authorization: 'Bearer secret2', Other: '$TOKEN' } }];
  const kept = toKeptRequest({
    agent: { name: 'a', models: ['m'], config: { hosts } },
    options: { hosts: ['http://u:secret3@h'] },
    spec: { run_type: 'tasks', sequential: false, tasks: [task] },
  });
  expect(JSON.stringify(kept)).not.toContain('secret');
  expect(JSON.stringify(kept)).toContain('$TOKEN');
});

test('a task is kept with the name of its type', () => {
  const kept = toKeptRequest({
    agent: { name: 'a', models: ['m'], config: {} },
    options: {},
    spec: { run_type: 'tasks', sequential: true, tasks: [task] },
  });
  expect(JSON.parse(JSON.stringify(kept.spec))).toEqual({
    run_type: 'tasks',
    sequential: true,
    tasks: [{ name: 'task1', type: 'generate', prompt: [{ text: 'hi' }], needs: [], warnings: [] }],
  });
});

test('nothing of a task is lost as JSON, whatever it asks of its answer', () => {
  const base = { type: 'generate', input: 'hi' };
  const format = { type: 'object', properties: { age: { type: 'integer' } } };
  const tasks = [
    { ...base, format, on_truncate: 'warn', timeout: '5s' },
    { ...base, extract: 'code:python' },
  ];
  const spec = specOf(tasks, { compileSchema: createSchemaCompiler() });
  const kept = toKeptRequest({ agent: { name: 'a', models: ['m'], config: {} }, options: {}, spec });
  expect(JSON.parse(JSON.stringify(kept.spec))).toEqual(kept.spec);
  expect(kept.spec.tasks).toMatchObject([{ format, on_truncate: 'warn', timeoutMs: 5000 }, { extract: 'code:python' }]);
});
