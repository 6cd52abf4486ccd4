import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const src = fileURLToPath(new URL('../../src', import.meta.url));

/** The ladder: a folder imports from those below it, never from above and never from its own level. */
const levels: Readonly<Record<string, number>> = {
  host: 0,
  errors: 0,
  lib: 0,
  ollama: 1,
  builtin: 1,
  simulator: 1,
  events: 1,
  settings: 1,
  tasks: 2,
  routing: 2,
  spec: 3,
  agents: 3,
  plan: 4,
  engine: 5,
  render: 5,
  journal: 5,
  app: 6,
  cli: 7,
  server: 7,
  'index.ts': 7,
};

/** Imports within a level that are allowed all the same. */
const exceptions: readonly { from: RegExp; to: RegExp; reason: string }[] = [
  {
    from: /^host\//,
    to: /^(errors|lib)\//,
    reason: 'errors and lib know nothing of the host, which is built with them',
  },
  {
    from: /^builtin\//,
    to: /^ollama\/wire(-[\w-]+)?\.ts$/,
    reason: 'client and server of one protocol share its words',
  },
  {
    from: /^simulator\//,
    to: /^ollama\/(wire(-[\w-]+)?|model-name)\.ts$/,
    reason: 'another server of the same protocol',
  },
  { from: /^cli\/commands\/serve\.ts$/, to: /^server\/serve\.ts$/, reason: 'one door opens the other' },
];

interface Import {
  /** Relative to `src`. */
  file: string;
  line: number;
  /** A file relative to `src`, or a package. */
  target: string;
  isLocal: boolean;
  isTypeOnly: boolean;
  text: string;
}

interface Source {
  file: string;
  text: string;
  imports: Import[];
}

const sources: readonly Source[] = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.ts'))
  .map((file) => {
    const text = readFileSync(posix.join(src, file), 'utf8');
    return { file, text, imports: importsOf(file, text) };
  });

/** Static, dynamic and type imports, and what is exported from elsewhere. */
function importsOf(file: string, text: string): Import[] {
  const statement = /^(?:import|export)\s(?:[^;'"]*?\sfrom\s)?'([^']+)';|\bimport\('([^']+)'\)/gm;
  return [...text.matchAll(statement)].map((match) => {
    const specifier = match[1] ?? match[2] ?? '';
    const isLocal = specifier.startsWith('.');
    return {
      file,
      line: text.slice(0, match.index).split('\n').length,
      target: isLocal ? posix.normalize(posix.join(posix.dirname(file), specifier)) : specifier,
      isLocal,
      isTypeOnly: /^(import|export) type\b/.test(match[0]),
      text: match[0].replaceAll(/\s+/g, ' '),
    };
  });
}

const imports = sources.flatMap((source) => source.imports);
const folderOf = (file: string): string => file.split('/')[0] ?? '';
const placeOf = ({ file, line, text }: Import): string => `src/${file}:${line} ${text}`;

function breaksLadder({ file, target }: Import): boolean {
  const [from, to] = [folderOf(file), folderOf(target)];
  if (from === to || exceptions.some((each) => each.from.test(file) && each.to.test(target))) return false;
  return (levels[to] ?? Infinity) >= (levels[from] ?? -1);
}

test('the files and their imports are found', () => {
  expect(sources.length).toBeGreaterThan(100);
  expect(imports.filter(({ isLocal }) => isLocal).length).toBeGreaterThan(sources.length);
  expect(imports.some(({ text }) => text.startsWith('import('))).toBe(true);
});

test('every folder has a place on the ladder', () => {
  const folders = new Set(sources.map(({ file }) => folderOf(file)));
  expect([...folders].filter((folder) => levels[folder] === undefined)).toEqual([]);
});

test('every import that stays inside points to a file', () => {
  const files = new Set(sources.map(({ file }) => file));
  expect(imports.filter(({ isLocal, target }) => isLocal && !files.has(target)).map(placeOf)).toEqual([]);
});

test('imports go downward', () => {
  expect(imports.filter((each) => each.isLocal && breaksLadder(each)).map(placeOf)).toEqual([]);
});

test('every exception is used', () => {
  const unused = exceptions.filter(
    ({ from, to }) => !imports.some((each) => from.test(each.file) && to.test(each.target)),
  );
  expect(unused.map(({ reason }) => reason)).toEqual([]);
});

test('no file is imported by one it imports', () => {
  expect(circlesOf(new Map(sources.map(({ file, imports }) => [file, staticTargets(imports)])))).toEqual([]);
});

test('events can run in a browser: types are all it takes from elsewhere', () => {
  const taken = imports.filter(
    ({ file, target, isLocal }) => folderOf(file) === 'events' && !(isLocal && folderOf(target) === 'events'),
  );
  expect(taken.filter(({ isTypeOnly }) => !isTypeOnly).map(placeOf)).toEqual([]);
});

test('watchers see events, not the engine or the plan', () => {
  const seen = ['host', 'errors', 'lib', 'events', 'render'];
  const others = imports.filter(
    ({ file, target, isLocal }) => folderOf(file) === 'render' && isLocal && !seen.includes(folderOf(target)),
  );
  expect(others.map(placeOf)).toEqual([]);
});

test.each([
  ['the package ollama', /^ollama(\/|$)/, /^ollama\/ollama-js-client\.ts$/],
  ['the package hono', /^(hono|@hono\/.*)$/, /^server\/(create-app|listen)\.ts$/],
  ['the package commander', /^commander$/, /^cli\//],
  ['the package conf', /^conf$/, /^agents\//],
  ['the package listr2', /^listr2$/, /^render\//],
  ['node:process', /^(node:)?process$/, /^host\/node-host\.ts$/],
])('%s is imported in one place', (_what, target, allowed) => {
  const elsewhere = imports.filter((each) => !each.isLocal && target.test(each.target) && !allowed.test(each.file));
  expect(elsewhere.map(placeOf)).toEqual([]);
});

test('one file touches the process it runs in', () => {
  const touching = sources.filter(({ text }) =>
    /\bprocess\s*[.[]|(?<!typeof )\bglobalThis\b/.test(withoutComments(text)),
  );
  expect(touching.map(({ file }) => file)).toEqual(['host/node-host.ts']);
});

test('one file passes on what others export: the door of the library', () => {
  const passing = imports.filter(({ text, file }) => /^export\b/.test(text) && file !== 'index.ts');
  expect(passing.map(placeOf)).toEqual([]);
});

test('nothing is a default export', () => {
  const defaults = sources.filter(({ text }) => /^export default\b/m.test(text));
  expect(defaults.map(({ file }) => file)).toEqual([]);
});

test('no file is longer than three hundred lines', () => {
  const long = sources.filter(({ text }) => text.trimEnd().split('\n').length > 300);
  expect(long.map(({ file }) => file)).toEqual([]);
});

test('half of the files are no longer than a hundred lines', () => {
  const lengths = sources.map(({ text }) => text.trimEnd().split('\n').length).sort((a, b) => a - b);
  expect(lengths[Math.floor(lengths.length / 2)]).toBeLessThanOrEqual(100);
});

test('files and folders are kebab-case and none is a drawer for everything', () => {
  const names = sources.flatMap(({ file }) => file.replace(/\.ts$/, '').split('/'));
  const wrong = names.filter(
    (name) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(name) || /^(utils?|helpers?|common|misc|manager)$/.test(name),
  );
  expect(wrong).toEqual([]);
});

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[^]*?\*\/|^\s*\/\/.*$|\s\/\/ .*$/gm, '');
}

function staticTargets(all: readonly Import[]): string[] {
  return all
    .filter(({ isLocal, isTypeOnly, text }) => isLocal && !isTypeOnly && !text.startsWith('import('))
    .map(({ target }) => target);
}

/** The files that can be reached from themselves. */
function circlesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  return [...graph.keys()].filter((start) => {
    const seen = new Set<string>();
    const open = [...(graph.get(start) ?? [])];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (file === start) return true;
      if (!seen.has(file)) open.push(...(graph.get(file) ?? []));
      seen.add(file);
    }
    return false;
  });
}
