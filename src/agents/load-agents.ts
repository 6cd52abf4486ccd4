import { ProblemError, throwProblems, type Problem } from '../errors/problem.ts';
import { agentPath, listAgentPaths, readAgent } from './agent-file.ts';
import { findAgent, type AgentList } from './find-agent.ts';
import type { Agent } from './schema.ts';

/** All agents of a folder, oldest first, and what is wrong with those that cannot be read. */
export async function loadAgents(folder: string): Promise<AgentList> {
  const damaged: Problem[] = [];
  const read = async (path: string): Promise<Agent | undefined> => {
    try {
      return await readAgent(path);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      damaged.push(error.problem);
      return undefined;
    }
  };
  const found = await Promise.all(listAgentPaths(folder).map(read));
  return { agents: found.filter((agent) => agent !== undefined).sort(byAge), damaged };
}

/** The agent of this name, id, or unique beginning of an id. A name is looked up without reading other agents. */
export async function loadAgent(folder: string, ref: string): Promise<Agent> {
  const named = isName(ref) ? await readAgent(agentPath(folder, ref)) : undefined;
  return named ?? findAgent(await loadAgents(folder), ref);
}

/** Every agent that is meant, once; all that is wrong with the references is told together. */
export async function loadEachAgent(folder: string, refs: readonly string[]): Promise<Agent[]> {
  const agents = new Map<string, Agent>();
  const problems: Problem[] = [];
  for (const ref of refs) {
    try {
      const agent = await loadAgent(folder, ref);
      agents.set(agent.id, agent);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(...error.problems);
    }
  }
  throwProblems(problems);
  return [...agents.values()];
}

function isName(ref: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/.test(ref);
}

function byAge(a: Agent, b: Agent): number {
  return compare(a.created_at, b.created_at) || compare(a.id, b.id);
}

/** By code unit: the rules of a language take 10 ms to load and have nothing to say about times and ids. */
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
