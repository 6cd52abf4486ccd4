import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { openAgentStore, type AgentStore } from '../../../src/agents/agent-store.ts';
import { ProblemError } from '../../../src/errors/problem.ts';

let directory: string;
let store: AgentStore;
let nowMs: number;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  nowMs = Date.UTC(2026, 0, 31, 12);
  let ids = 0;
  store = openAgentStore({ directory, now: () => nowMs, newId: () => `0195d2c4-000${++ids}` });
});

const models = ['llama3.2'];
const path = (name: string) => join(directory, 'agents', name);

function problemOf(action: Promise<unknown>) {
  return action.then(
    () => undefined,
    (error: unknown) => {
      if (!(error instanceof ProblemError)) throw error;
      return error.problem;
    },
  );
}

describe('create', () => {
  it('keeps an agent with its keys in the order in which it is shown', async () => {
    await store.create({ config: { retries: 3 }, models, system: 's', name: 'Reviewer' });
    expect(readFileSync(path('reviewer.json'), 'utf8')).toBe(`{
  "id": "0195d2c4-0001",
  "name": "Reviewer",
  "description": "",
  "models": [
    "llama3.2"
  ],
  "system": "s",
  "config": {
    "retries": 3
  },
  "created_at": "2026-01-31T12:00:00.000Z",
  "updated_at": "2026-01-31T12:00:00.000Z"
}
`);
  });

  it('keeps agents from other users of the machine', async () => {
    await store.create({ name: 'a', models });
    expect(statSync(path('a.json')).mode & 0o777).toBe(0o600);
    expect(statSync(path('.')).mode & 0o777).toBe(0o700);
  });

  it('leaves nothing else behind', async () => {
    await store.create({ name: 'a', models });
    await store.create({ name: 'a', models, description: 'new' }, { force: true });
    expect(readdirSync(path('.'))).toEqual(['a.json']);
  });

  it('refuses a name that differs only in case', async () => {
    await store.create({ name: 'a', models });
    expect(await problemOf(store.create({ name: 'A', models }))).toMatchObject({
      code: 'agent-exists',
      message: "an agent named 'A' exists already",
    });
  });

  it('gives a name to one of many who ask at once', async () => {
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => store.create({ name: 'a', models })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await store.list()).agents).toHaveLength(1);
  });

  it('returns the agent that is there when told to', async () => {
    const first = await store.create({ name: 'a', models });
    expect(await store.create({ name: 'A', models: ['x'] }, { ifNotExists: true })).toEqual(first);
  });

  it('replaces when told to, keeping id and time of creation', async () => {
    const first = await store.create({ name: 'a', models, system: 'old' });
    nowMs += 1000;
    expect(await store.create({ name: 'A', models: ['x'] }, { force: true })).toEqual({
      ...{ id: first.id, name: 'A', description: '', models: ['x'], config: {} },
      ...{ created_at: first.created_at, updated_at: '2026-01-31T12:00:01.000Z' },
    });
  });

  it('refuses an agent that is not valid and keeps nothing', async () => {
    expect(await problemOf(store.create({ name: 'a', models: [] }))).toMatchObject({ code: 'agent-invalid' });
    expect(existsSync(path('.'))).toBe(false);
  });
});

describe('get', () => {
  it.each(['Reviewer', 'reviewer', '0195d2c4-0001', '0195d2c4-0001'.slice(0, 13)])('finds by %s', async (ref) => {
    await store.create({ name: 'Reviewer', models });
    expect((await store.get(ref)).name).toBe('Reviewer');
  });

  it('prefers a name to an id', async () => {
    const { id } = await store.create({ name: 'a', models });
    await store.create({ name: id, models });
    expect((await store.get(id)).name).toBe(id);
  });

  it('names those an ambiguous beginning stands for', async () => {
    await store.create({ name: 'a', models });
    await store.create({ name: 'b', models });
    expect(await problemOf(store.get('0195'))).toMatchObject({
      code: 'agent-ambiguous',
      message: "'0195' is the beginning of several agents' ids: 'a' (0195d2c4-0001), 'b' (0195d2c4-0002)",
    });
  });

  it('takes less than 4 characters for a name', async () => {
    await store.create({ name: 'a', models });
    expect(await problemOf(store.get('019'))).toMatchObject({ code: 'agent-unknown' });
  });

  it.each([
    ['reviewr', "no agent 'reviewr', did you mean 'reviewer'?"],
    ['zzzzzzzz', "no agent 'zzzzzzzz', known: reviewer"],
    ['../../etc/passwd', "no agent '../../etc/passwd', known: reviewer"],
  ])('says of %s what there is', async (ref, message) => {
    await store.create({ name: 'reviewer', models });
    expect(await problemOf(store.get(ref))).toMatchObject({ code: 'agent-unknown', message });
  });

  it('says how to make the first agent', async () => {
    expect(await problemOf(store.get('a'))).toMatchObject({
      message: "no agent 'a', there are none yet",
      hint: 'ollama-orchestrate create-agent a --models MODEL',
    });
  });
});

describe('update', () => {
  it('changes what is given and nothing else', async () => {
    const before = await store.create({ name: 'a', models, description: 'd', config: { retries: 1, fallback: false } });
    nowMs += 1000;
    const after = await store.update('a', { models: ['x', 'y'] }, { config: { retries: 5 } });
    const config = { retries: 5, fallback: false };
    expect(after).toEqual({ ...before, models: ['x', 'y'], config, updated_at: '2026-01-31T12:00:01.000Z' });
    expect(await store.get('a')).toEqual(after);
  });

  it('removes what is set to null', async () => {
    await store.create({ name: 'a', models, system: 's', config: { retries: 1 } });
    expect(await store.update('a', { system: null, config: { retries: null } })).not.toHaveProperty('system');
    expect((await store.get('a')).config).toEqual({});
  });

  it('leaves the agent as it was when the change is not valid', async () => {
    const before = await store.create({ name: 'a', models });
    await expect(store.update('a', { models: [] })).rejects.toThrow('models: must name at least one model');
    expect(await store.get('a')).toEqual(before);
  });

  it('loses no change of many at once', async () => {
    await store.create({ name: 'a', models });
    const options = Array.from({ length: 12 }, (_, at) => ({ [`o${at}`]: at }));
    await Promise.all(options.map((option) => store.update('a', { config: { options: option } })));
    expect((await store.get('a')).config.options).toEqual(Object.assign({}, ...options));
  });
});

describe('delete', () => {
  it('deletes none if one is unknown, and names all that are', async () => {
    await store.create({ name: 'a', models });
    const error = await store.delete(['a', 'x', 'y']).catch((thrown: unknown) => thrown);
    expect((error as ProblemError).problems.map(({ message }) => message)).toEqual([
      "no agent 'x', did you mean 'a'?",
      "no agent 'y', did you mean 'a'?",
    ]);
    expect((await store.list()).agents).toHaveLength(1);
  });

  it('takes two references to one agent for one', async () => {
    const { id } = await store.create({ name: 'a', models });
    expect(await store.delete(['a', id])).toHaveLength(1);
    expect(readdirSync(path('.'))).toEqual([]);
  });
});

describe('list', () => {
  it('is empty where nothing was ever kept, and makes no folder', async () => {
    expect(await store.list()).toEqual({ agents: [], damaged: [] });
    expect(existsSync(path('.'))).toBe(false);
  });

  it('begins with the oldest', async () => {
    for (const name of ['c', 'a', 'b']) {
      nowMs += 1000;
      await store.create({ name, models });
    }
    expect((await store.list()).agents.map(({ name }) => name)).toEqual(['c', 'a', 'b']);
  });
});

describe.each([
  ['is empty', '', 'it is empty'],
  ['is cut off', '{"id":"1",', 'it is not JSON'],
  ['is of another form', '{"id":"1","name":"a","models":["m"]}', 'created_at: is missing'],
  ['holds another agent', JSON.stringify(stored('b')), "it holds an agent named 'b'"],
  ['has a mistyped setting', JSON.stringify({ ...stored('a'), config: { retires: 1 } }), "did you mean 'retries'?"],
])('an agent file that %s', (_how, text, why) => {
  beforeEach(async () => {
    await store.create({ name: 'other', models });
    writeFileSync(path('a.json'), text);
  });

  it('is named as damaged by what needs it, and is left as it is', async () => {
    const attempts = [
      store.get('a'),
      store.update('a', { description: 'x' }),
      store.delete(['a']),
      store.create({ name: 'a', models }, { force: true }),
      store.create({ name: 'a', models }),
    ];
    for (const problem of await Promise.all(attempts.map(problemOf))) {
      expect(problem?.code).toBe('agent-damaged');
      expect(problem?.message).toContain(path('a.json'));
      expect(problem?.message).toContain(why);
    }
    expect(readFileSync(path('a.json'), 'utf8')).toBe(text);
  });

  it('does not hide the others', async () => {
    const { agents, damaged } = await store.list();
    expect(agents.map(({ name }) => name)).toEqual(['other']);
    expect(damaged).toHaveLength(1);
  });
});

function stored(name: string) {
  const at = '2026-01-31T12:00:00.000Z';
  return { id: '1', name, description: '', models, config: {}, created_at: at, updated_at: at };
}
