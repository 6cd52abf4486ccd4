import { join } from 'node:path';
import { ProblemError, throwProblems } from '../errors/problem.ts';
import { importWithoutSignalHandlers } from '../host/node-host.ts';
import { agentPath, readAgent, removeAgent, replaceAgent, writeNewAgent } from './agent-file.ts';
import type { AgentList } from './find-agent.ts';
import { loadAgent, loadAgents, loadEachAgent } from './load-agents.ts';
import { mergePatch } from './merge-patch.ts';
import { isPlainInput } from './plain-agent.ts';
import type { Agent, AgentInput } from './schema.ts';
import { storageFailed } from './storage-failed.ts';

/** The agents kept on this machine. Any number of processes may use it at once. */
export interface AgentStore {
  /** Keeps a new agent, validated here. Its name being taken is a problem unless an option says what to do then. */
  create: (input: unknown, options?: CreateOptions) => Promise<Agent>;
  /** All agents, oldest first, and what is wrong with those that cannot be read. */
  list: () => Promise<AgentList>;
  /** The agent of this name, id, or unique beginning of an id. */
  get: (ref: string) => Promise<Agent>;
  /** Applies patches (RFC 7396: `null` removes, lists replace) in their order; name, id and `created_at` stay. */
  update: (ref: string, ...patches: AgentPatch[]) => Promise<Agent>;
  /**
   * Puts what is made of an agent's input in its place; id and `created_at` stay, and the name where none is given.
   * @param next what is to be of what is there
   */
  replace: (ref: string, next: (current: AgentInput) => unknown) => Promise<Agent>;
  /** Takes agents away: all of them, or none if one is unknown. */
  delete: (refs: readonly string[]) => Promise<Agent[]>;
}

export interface CreateOptions {
  /** Return the agent that has the name, unchanged. */
  ifNotExists?: boolean | undefined;
  /** Replace it, keeping its id and `created_at`. */
  force?: boolean | undefined;
}

/** Changes of an agent: any part of it, with `null` where something is to be removed. */
export type AgentPatch = Readonly<Record<string, unknown>>;

export interface AgentStoreOptions {
  /** The configuration directory; agents live in `agents/` below it. */
  directory: string;
  /** Milliseconds since the epoch. */
  now: () => number;
  newId: () => string;
}

/** Opens the agents below a configuration directory, which need not exist yet. */
export function openAgentStore({ directory, now, newId }: AgentStoreOptions): AgentStore {
  const store: Store = { folder: join(directory, 'agents'), time: () => new Date(now()).toISOString(), newId };
  return {
    create: (input, options = {}) => createAgent(store, input, options),
    list: () => loadAgents(store.folder),
    get: (ref) => loadAgent(store.folder, ref),
    update: (ref, ...patches) => updateAgent(store, ref, patches),
    replace: (ref, next) => replaceInput(store, ref, next),
    delete: (refs) => deleteAgents(store, refs),
  };
}

interface Store {
  folder: string;
  time: () => string;
  newId: () => string;
}

type Input = Omit<Agent, 'id' | 'created_at' | 'updated_at'>;

async function createAgent(store: Store, input: unknown, { ifNotExists, force }: CreateOptions): Promise<Agent> {
  const valid = await checkInput(input);
  const path = agentPath(store.folder, valid.name);
  if (!(await readAgent(path))) {
    const at = store.time();
    const agent = toAgent({ ...valid, id: store.newId(), created_at: at, updated_at: at });
    if (await writeNewAgent(path, agent)) return agent;
  }
  // The name is taken, perhaps by another process since we looked.
  if (force) return changeAgent(store, valid.name, () => Promise.resolve(valid));
  if (ifNotExists) return loadAgent(store.folder, valid.name);
  throw nameTaken(valid.name);
}

async function updateAgent(store: Store, ref: string, patches: readonly AgentPatch[]): Promise<Agent> {
  const { name } = await loadAgent(store.folder, ref);
  return changeAgent(store, name, ({ description, models, system, config }) =>
    checkInput([...patches, { name }].reduce<unknown>(mergePatch, { description, models, system, config })),
  );
}

async function replaceInput(store: Store, ref: string, next: (current: AgentInput) => unknown): Promise<Agent> {
  const { name } = await loadAgent(store.folder, ref);
  const path = agentPath(store.folder, name);
  return withLock(path, async () => {
    const { id, created_at, updated_at: _, ...input } = await readCurrent(path, name);
    const given = next(input);
    const named = typeof given === 'object' && given !== null && !('name' in given) ? { name, ...given } : given;
    const agent = toAgent({ ...(await checkInput(named)), id, created_at, updated_at: store.time() });
    await moveAgent(path, agentPath(store.folder, agent.name), agent);
    return agent;
  });
}

/** The new place is taken before the old one is given up: a crash leaves two agents of one id, and never none. */
async function moveAgent(from: string, to: string, agent: Agent): Promise<void> {
  if (from === to) return replaceAgent(to, agent);
  if (!(await writeNewAgent(to, agent))) throw nameTaken(agent.name);
  await removeAgent(from);
}

async function deleteAgents(store: Store, refs: readonly string[]): Promise<Agent[]> {
  const agents = await loadEachAgent(store.folder, refs);
  for (const { name } of agents) {
    const path = agentPath(store.folder, name);
    await withLock(path, () => removeAgent(path));
  }
  return agents;
}

async function changeAgent(store: Store, name: string, change: (current: Agent) => Promise<Input>): Promise<Agent> {
  const path = agentPath(store.folder, name);
  return withLock(path, async () => {
    const current = await readCurrent(path, name);
    const { id, created_at } = current;
    const agent = toAgent({ ...(await change(current)), id, created_at, updated_at: store.time() });
    await replaceAgent(path, agent);
    return agent;
  });
}

/** An agent that was there a moment ago. */
async function readCurrent(path: string, name: string): Promise<Agent> {
  const current = await readAgent(path);
  if (current) return current;
  throw new ProblemError({ code: 'agent-unknown', message: `agent '${name}' was deleted meanwhile` });
}

async function checkInput(input: unknown): Promise<Input> {
  if (isPlainInput(input)) return { description: '', config: {}, ...input };
  const { agentInputSchema } = await import('./schema.ts');
  const parsed = agentInputSchema.safeParse(input, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { toProblems } = await import('../errors/to-problems.ts');
  throwProblems(toProblems(agentInputSchema, parsed.error));
  throw parsed.error;
}

/** The keys in the order in which documents show them. */
function toAgent({ id, name, description, models, system, config, created_at, updated_at }: Agent): Agent {
  const rules = system === undefined ? { config } : { system, config };
  return { id, name, description, models, ...rules, created_at, updated_at };
}

function nameTaken(name: string): ProblemError {
  return new ProblemError({
    code: 'agent-exists',
    message: `an agent named '${name}' exists already`,
    hint: '--force replaces it, --if-not-exists keeps it, update-agent changes it',
  });
}

/** A holder of a lock says every half of this time that it still lives. */
const abandonedAfterMs = 5000;

/** Two changes of one agent wait for each other; different agents never do. */
async function withLock<T>(path: string, use: () => Promise<T>): Promise<T> {
  const { lock } = await importWithoutSignalHandlers(() => import('proper-lockfile'));
  const retries = { retries: 100, factor: 1.2, minTimeout: 10, maxTimeout: 200, randomize: true };
  const release = await lock(path, { realpath: false, stale: abandonedAfterMs, retries }).catch((error: unknown) => {
    throw storageFailed('lock', path, error);
  });
  try {
    return await use();
  } finally {
    await release();
  }
}
