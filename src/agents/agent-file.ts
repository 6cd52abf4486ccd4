import { isUtf8 } from 'node:buffer';
import { readdirSync, readFileSync } from 'node:fs';
import { constants, copyFile, link, mkdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ProblemError } from '../errors/problem.ts';
import { importWithoutSignalHandlers } from '../host/node-host.ts';
import { isPlainAgent } from './plain-agent.ts';
import type { Agent } from './schema.ts';
import { isErrorCode, storageFailed } from './storage-failed.ts';

// One agent is one file. It is first written beside its place and read back, then put there in one step: nobody ever
// sees half an agent, and a crash or a full disk at any moment leaves what was there before.

/** Where the agent of this name is kept. */
export function agentPath(directory: string, name: string): string {
  return join(directory, `${name.toLowerCase()}.json`);
}

/** The paths of all agents, in no order. */
export function listAgentPaths(directory: string): string[] {
  const names = readIfThere(directory, () => readdirSync(directory)) ?? [];
  return names.filter((name) => name.endsWith('.json') && !name.startsWith('.')).map((name) => join(directory, name));
}

/** The agent in a file; undefined when there is no file, a `ProblemError` when it cannot be understood. */
export async function readAgent(path: string): Promise<Agent | undefined> {
  const bytes = readIfThere(path, () => readFileSync(path));
  return bytes && parseAgent(bytes, path);
}

/** Read at once: these files are so small that asking another thread for them takes longer. */
function readIfThere<T>(path: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (isErrorCode(error, 'ENOENT')) return undefined;
    if (isErrorCode(error, 'EISDIR')) throw damaged(path, 'it is a folder');
    throw storageFailed('read', path, error);
  }
}

/** Puts a new agent in its place, or returns false when the place is taken: of many at once, one gets it. */
export async function writeNewAgent(path: string, agent: Agent): Promise<boolean> {
  return withStaged(path, agent, async (staged) => {
    try {
      await linkOrCopy(staged, path);
      return true;
    } catch (error) {
      if (isErrorCode(error, 'EEXIST')) return false;
      throw error;
    } finally {
      await rm(staged, { force: true });
    }
  });
}

/** Puts an agent in the place of an older version of it. The caller holds its lock. */
export async function replaceAgent(path: string, agent: Agent): Promise<void> {
  await withStaged(path, agent, (staged) => rename(staged, path));
}

/** Takes an agent away. The caller holds its lock. */
export async function removeAgent(path: string): Promise<void> {
  await rm(path, { force: true }).catch((error: unknown) => {
    throw storageFailed('remove', path, error);
  });
}

async function parseAgent(bytes: Buffer, path: string): Promise<Agent> {
  if (!isUtf8(bytes)) throw damaged(path, 'it is not UTF-8 text');
  // Some editors begin a file with this mark.
  const text = bytes.toString().replace(/^\uFEFF/, '');
  if (text.trim() === '') throw damaged(path, 'it is empty');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    throw damaged(path, `it is not JSON (${(error as Error).message.replace(/\s+/g, ' ')})`);
  }
  const agent = isPlainAgent(data) ? data : await checkAgent(data, path);
  if (basename(agentPath('', agent.name)) !== basename(path))
    throw damaged(path, `it holds an agent named '${agent.name}'`);
  return agent;
}

async function checkAgent(data: unknown, path: string): Promise<Agent> {
  const { agentSchema } = await import('./schema.ts');
  const parsed = agentSchema.safeParse(data, { reportInput: true });
  if (parsed.success) return parsed.data;
  const { toProblems } = await import('../errors/to-problems.ts');
  const found = toProblems(agentSchema, parsed.error).map(({ message }) => message);
  throw damaged(path, found.join('; '));
}

function damaged(path: string, why: string): ProblemError {
  return new ProblemError({
    code: 'agent-damaged',
    message: `agent file ${path} is damaged: ${why}`,
    hint: 'repair or remove this file; other agents are not affected',
  });
}

async function withStaged<T>(path: string, agent: Agent, use: (staged: string) => Promise<T>): Promise<T> {
  const directory = join(path, '..');
  const name = `.${basename(path, '.json')}-${agent.id}-${agent.updated_at.replaceAll(':', '')}`;
  const staged = join(directory, `${name}.json`);
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await stage(directory, name, agent);
    await sweep(directory, staged);
    return await use(staged);
  } catch (error) {
    await rm(staged, { force: true }).catch(() => undefined);
    throw storageFailed('write', path, error);
  }
}

async function stage(directory: string, name: string, agent: Agent): Promise<void> {
  const { default: Conf } = await importWithoutSignalHandlers(() => import('conf'));
  const file = new Conf<Agent>({
    cwd: directory,
    configName: name,
    projectSuffix: '',
    configFileMode: 0o600,
    accessPropertiesByDotNotation: false,
    serialize,
  });
  file.store = agent;
  // A disk with little room left takes a part of the text and reports no error.
  const written = await readFile(file.path, 'utf8');
  if (written !== serialize(agent)) throw Object.assign(new Error('cut off'), { code: 'ENOSPC' });
}

/** What a process left that was killed while it wrote: staged files much older than one made just now. */
async function sweep(directory: string, staged: string): Promise<void> {
  const names = readdirSync(directory).filter((name) => stagedName.test(name) && name !== basename(staged));
  if (names.length === 0) return;
  const { mtimeMs: nowMs } = await stat(staged);
  for (const path of names.map((name) => join(directory, name))) {
    // Another process may be sweeping, too.
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: nowMs }));
    if (nowMs - mtimeMs > abandonedAfterMs) await rm(path, { force: true }).catch(() => undefined);
  }
}

/** `.name-id-2026-01-31T120000.000Z.json`, and what conf writes before it has that name. */
const stagedName = /^\..+-\d{4}-\d\d-\d\dT\d{6}\.\d{3}Z\.json(\.tmp-.*)?$/;
const abandonedAfterMs = 60_000;

const serialize = (agent: Agent): string => `${JSON.stringify(agent, undefined, 2)}\n`;

/** Some file systems have no hard links; there a crash may leave a part of the file, which is then reported as damaged. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!isErrorCode(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS')) throw error;
    await copyFile(from, to, constants.COPYFILE_EXCL);
  }
}
