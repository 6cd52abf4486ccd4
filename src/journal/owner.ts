import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Processes } from '../host/host.ts';

/** The process that carries a run out. */
export interface Owner {
  /** Process ids mean something within it. */
  machine: string;
  pid: number;
  /** Tells the process from another one that got its id later; null where the system does not say. */
  started: string | null;
}

/** How often an owner says that it lives. */
export const heartbeatMs = 10_000;

/** Silent for longer, and an owner on another machine counts as dead. */
const silenceMs = 60_000;

/** This process. */
export function ownOwner({ ownId }: Processes): Owner {
  return { machine: machineName(), pid: ownId, started: look(ownId)?.started ?? null };
}

/**
 * Whether the owner still lives. On its own machine its id decides: a process that sleeps with the laptop is silent for
 * hours, and yet goes on. From another machine only the heartbeat can be seen.
 */
export function isAlive(owner: Owner & { heartbeat_at: number }, processes: Processes, nowMs: number): boolean {
  if (owner.machine !== machineName()) return nowMs - owner.heartbeat_at < silenceMs;
  if (!processes.isRunning(owner.pid)) return false;
  const seen = look(owner.pid);
  if (!seen || owner.started === null) return true;
  return !seen.isDead && seen.started === owner.started;
}

/** The host's name, and on Linux the space of process ids: containers may share a directory. */
function machineName(): string {
  const space = orUndefined(() => readlinkSync('/proc/self/ns/pid'));
  return space === undefined ? hostname() : `${hostname()} ${space}`;
}

interface Seen {
  /** Ended, but its parent has not taken notice: in containers nobody may ever do. */
  isDead: boolean;
  /** Which boot of the machine, and how many ticks into it. */
  started: string;
}

/** What Linux says of a process; undefined elsewhere. */
function look(pid: number): Seen | undefined {
  return orUndefined(() => {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in parentheses, which may hold anything.
    const [state = '', ...fields] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { isDead: /[ZXx]/.test(state), started: `${boot} ${fields[startTimeField] ?? ''}` };
  });
}

/** `starttime`, the 22nd field, counted from the fourth. */
const startTimeField = 18;

function orUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
