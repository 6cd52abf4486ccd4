import { ProblemError, type Problem } from '../errors/problem.ts';
import { closest } from '../errors/suggest.ts';
import type { Agent } from './schema.ts';

export interface AgentList {
  agents: Agent[];
  /** What is wrong with the files that cannot be read. */
  damaged: Problem[];
}

/** The agent a name, an id or the beginning of an id stands for; throws when it is none or several. */
export function findAgent({ agents, damaged }: AgentList, ref: string): Agent {
  const exact =
    agents.find(({ name }) => name.toLowerCase() === ref.toLowerCase()) ?? agents.find(({ id }) => id === ref);
  if (exact) return exact;
  const matches = ref.length < minPrefix ? [] : agents.filter(({ id }) => id.startsWith(ref));
  if (matches.length > 1) throw ambiguous(ref, matches);
  const [match] = matches;
  if (match) return match;
  // The id may be that of an agent whose file cannot be read.
  throw new ProblemError(unknown(ref, agents), ...(/^[\da-f-]{4,}$/i.test(ref) ? damaged : []));
}

/** Ids are addressed by at least this many of their first characters. */
const minPrefix = 4;

function ambiguous(ref: string, matches: readonly Agent[]): ProblemError {
  const candidates = matches.map(({ name, id }) => `'${name}' (${id})`).join(', ');
  return new ProblemError({
    code: 'agent-ambiguous',
    message: `'${ref}' is the beginning of several agents' ids: ${candidates}`,
    hint: 'type the name, or more of the id',
  });
}

function unknown(ref: string, agents: readonly Agent[]): Problem {
  const names = agents.map(({ name }) => name);
  const match = closest(ref, names);
  const isLong = ref.length > maxNameLength;
  const listed = names.slice(0, maxListed).join(', ') + (names.length > maxListed ? ', …' : '');
  const agentsThere = names.length === 0 ? 'there are none yet' : `known: ${listed}`;
  return {
    code: 'agent-unknown',
    message: `no agent '${isLong ? `${ref.slice(0, maxNameLength)}…` : ref}', ${match === undefined ? agentsThere : `did you mean '${match}'?`}`,
    hint:
      names.length === 0
        ? `ollama-orchestrate create-agent ${isLong ? 'NAME' : ref} --models MODEL`
        : 'ollama-orchestrate list-agents',
  };
}

const maxNameLength = 64;
const maxListed = 10;
