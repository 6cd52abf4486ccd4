import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { routingRules } from '../../src/routing/index.ts';
import { taskTypes } from '../../src/tasks/index.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Kinds of things of which a new one is a file here and a line there. */
const registries = [
  { kind: 'routing rule', folder: 'routing/rules', marker: /\bdefineRule\(\{/, registry: 'routing/index.ts' },
  { kind: 'task type', folder: 'tasks', marker: /\bdefineTask\(\{/, registry: 'tasks/index.ts' },
  { kind: 'command', folder: 'cli/commands', marker: /\bnew Command\(/, registry: 'cli/program.ts' },
  { kind: 'route', folder: 'server/routes', marker: /\bdefineRoute\(\{/, registry: 'server/routes/index.ts' },
  { kind: 'guard', folder: 'server/guards', marker: /^export const \w+: Guard\b/m, registry: 'server/guards/index.ts' },
  {
    kind: 'output format',
    folder: 'render',
    marker: /^export function create\w+Answer\(/m,
    registry: 'render/index.ts',
  },
];

const read = (file: string): string => readFileSync(`${root}src/${file}`, 'utf8');

const members = registries.flatMap(({ kind, folder, marker, registry }) =>
  readdirSync(`${root}src/${folder}`)
    .filter((file) => file.endsWith('.ts') && marker.test(read(`${folder}/${file}`)))
    .map((file) => ({ kind, file: `${folder}/${file}`, registry })),
);

test.each(registries)('there are several of each kind: $kind', ({ kind }) => {
  expect(members.filter((member) => member.kind === kind).length).toBeGreaterThan(2);
});

test.each(members)('the $kind $file is registered in $registry', ({ file, registry }) => {
  const folder = registry.slice(0, registry.lastIndexOf('/') + 1);
  expect(read(registry)).toContain(`'./${file.slice(folder.length)}'`);
});

const tested = ['routing rule', 'task type'];

test.each(members.filter(({ kind }) => tested.includes(kind)))('the $kind $file has a test of its own', ({ file }) => {
  expect(existsSync(`${root}test/unit/${file.replace(/\.ts$/, '.test.ts')}`)).toBe(true);
});

test('each routing rule is named after its file and says what it does', () => {
  const names = routingRules.map(({ name }) => name);
  const files = members
    .filter(({ kind }) => kind === 'routing rule')
    .map(({ file }) => file.replace(/^.*\/|\.ts$/g, ''));
  expect(names.toSorted()).toEqual(files.toSorted());
  expect(routingRules.filter(({ summary }) => summary === '')).toEqual([]);
});

test('each task type is named after its file and says what it does', () => {
  const types = taskTypes.map(({ type }) => type);
  const files = members.filter(({ kind }) => kind === 'task type').map(({ file }) => file.replace(/^.*\/|\.ts$/g, ''));
  expect(types.toSorted()).toEqual(files.toSorted());
  expect(taskTypes.filter(({ summary }) => summary === '')).toEqual([]);
});
