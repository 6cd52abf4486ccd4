import { expect, test } from 'vitest';
import { loadImages } from '../../../src/spec/load-images.ts';
import { loadSpec } from '../../../src/spec/load-spec.ts';
import { testHost } from '../../rig/test-host.ts';
import { problemsOfAsync } from './problems-of.ts';
import { specContext } from './spec-rig.ts';

const read = (path: string): Promise<string> => Promise.resolve(`<${path}>`);

test.each([
  [{ images: ['@a.png', 'aGk='] }, { images: ['<a.png>', 'aGk='] }],
  [{ messages: [{ images: ['@b c.png'] }, {}] }, { messages: [{ images: ['<b c.png>'] }, {}] }],
  [
    { parameters: { images: ['@a'], messages: [{ images: ['@b'] }] } },
    { parameters: { images: ['<a>'], messages: [{ images: ['<b>'] }] } },
  ],
  [{ images: '@a.png' }, { images: '@a.png' }],
  [{ images: [7, null] }, { images: [7, null] }],
  [
    { type: 'generate', input: '@a' },
    { type: 'generate', input: '@a' },
  ],
  ['generate:@a', 'generate:@a'],
])('%j becomes %j', async (task, loaded) => {
  expect(await loadImages(task, read)).toEqual(loaded);
});

const line = (task: object): string => JSON.stringify({ type: 'generate', input: 'look', ...task });

test('a picture named in a tasks file is sent as base64', async () => {
  const host = testHost({ files: { 'a.jsonl': line({ images: ['@p.png'] }), 'p.png': new Uint8Array([0, 255, 10]) } });
  const spec = await loadSpec({ run_type: 'tasks', file: 'a.jsonl' }, specContext(), host);
  expect(spec.tasks[0]?.images).toEqual(['AP8K']);
});

test('a picture that cannot be read is told together with other problems', async () => {
  const lines = [line({ images: ['@no.png'] }), line({}), line({ images: ['@gone.png'] })];
  const host = testHost({ files: { 'a.jsonl': lines.join('\n') } });
  const problems = await problemsOfAsync(loadSpec({ run_type: 'tasks', file: 'a.jsonl' }, specContext(), host));
  expect(problems.map(({ message }) => message)).toEqual([
    "cannot read file 'no.png': no such file",
    "cannot read file 'gone.png': no such file",
  ]);
});

test('a task given as an object reads no file', async () => {
  const host = testHost({ files: { 'p.png': 'secret' } });
  const tasks = [{ type: 'generate', input: 'look', images: ['@p.png'] }];
  const problems = await problemsOfAsync(loadSpec({ run_type: 'tasks', tasks }, specContext(), host));
  expect(problems).toMatchObject([{ code: 'task-invalid', message: 'tasks.0: images.0 "@p.png" is not base64' }]);
});

test('a flag reads no picture', async () => {
  const host = testHost({ files: { 'p.png': 'secret' } });
  const flags = ['generate:{"images": ["@p.png"]}'];
  const spec = await loadSpec({ run_type: 'tasks', flags }, specContext(), host);
  expect(spec.tasks[0]?.images).toBeUndefined();
});
