import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it, onTestFinished } from 'vitest';
import { openAgentStore, type AgentStore } from '../../../src/agents/agent-store.ts';
import { ProblemError } from '../../../src/errors/problem.ts';

// What people, editors and killed processes leave in the folder of agents.

let folder: string;
let store: AgentStore;

beforeEach(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  folder = join(directory, 'agents');
  let ids = 0;
  store = openAgentStore({ directory, now: () => Date.UTC(2026, 0, 31, 12), newId: () => `0195d2c4-000${++ids}` });
  await store.create({ name: 'whole', models: ['llama3.2'] });
});

const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);

function agentText(name: string): string {
  const time = '2026-01-31T12:00:00.000Z';
  const agent = { id: name, name, description: 'é', models: ['a'], config: {}, created_at: time, updated_at: time };
  return JSON.stringify(agent, undefined, 2);
}

function problemsOf(action: Promise<unknown>) {
  return action.then(
    () => [],
    (error: unknown) => {
      if (error instanceof ProblemError) return error.problems.map(({ code, message }) => ({ code, message }));
      throw error;
    },
  );
}

const damaged = (name: string, why: string) => ({
  code: 'agent-damaged',
  message: `agent file ${join(folder, name)} is damaged: ${why}`,
});

it('a folder in the place of an agent does not hide the others', async () => {
  mkdirSync(join(folder, 'odd.json'));
  const { agents, damaged: found } = await store.list();
  expect(agents.map(({ name }) => name)).toEqual(['whole']);
  expect(found).toMatchObject([damaged('odd.json', 'it is a folder')]);
});

it('an agent whose file begins with a byte order mark is read', async () => {
  write('marked.json', `\uFEFF${agentText('marked')}`);
  expect(await store.get('marked')).toMatchObject({ name: 'marked', description: 'é' });
});

it('a file in another encoding is damaged: reading it would lose letters without a word', async () => {
  write('latin.json', Buffer.from(agentText('latin'), 'latin1'));
  expect(await problemsOf(store.get('latin'))).toEqual([damaged('latin.json', 'it is not UTF-8 text')]);
});

it('what is wrong with the JSON is told in one line', async () => {
  write('broken.json', '{\n  "name": oops\n}');
  const [problem] = await problemsOf(store.get('broken'));
  expect(problem?.message).toMatch(/ is damaged: it is not JSON \(.+\)$/);
});

it('an id that is not found may be that of a damaged file, which is named', async () => {
  write('broken.json', '');
  expect(await problemsOf(store.get('0195ffff'))).toMatchObject([
    { code: 'agent-unknown' },
    damaged('broken.json', 'it is empty'),
  ]);
});

it('a name that is not found has nothing to do with damaged files', async () => {
  write('broken.json', '');
  expect(await problemsOf(store.get('hole'))).toMatchObject([{ code: 'agent-unknown' }]);
});

it.each(['', '.tmp-1769860800000abcdef'])(
  'what a killed process has left is swept by the next one (%s)',
  async (end) => {
    const left = `.gone-0195d2c4-0000-2026-01-31T120000.000Z.json${end}`;
    write(left, '{');
    utimesSync(join(folder, left), 0, 0);
    await store.create({ name: 'next', models: ['a'] });
    expect(readdirSync(folder).sort()).toEqual(['next.json', 'whole.json']);
  },
);

it('what another process is writing, and files of others, are left alone', async () => {
  const names = ['.DS_Store', '.busy-0195d2c4-0000-2026-01-31T120000.000Z.json', '.mine.json'];
  for (const name of names) write(name, '');
  for (const name of ['.DS_Store', '.mine.json']) utimesSync(join(folder, name), 0, 0);
  await store.create({ name: 'next', models: ['a'] });
  expect(readdirSync(folder)).toEqual(expect.arrayContaining(names));
});
