import type { Agent, AgentInput } from '../agents/schema.ts';
import { ProblemError, throwProblems, type Problem } from '../errors/problem.ts';
import type { Spec } from '../spec/spec.ts';
import type { RunParts } from './run-to-keep.ts';
import type { RunContext } from './run-context.ts';

type AgentContext = Pick<RunContext, 'agents'>;

/** The agent that is stored by this name or id, or one that was made for this run. */
export async function loadAgent(agent: string | AgentInput, { agents }: AgentContext): Promise<RunParts['agent']> {
  if (typeof agent === 'string') return agents.get(agent);
  const [{ agentInputSchema }, { toProblems }] = await Promise.all([
    import('../agents/schema.ts'),
    import('../agents/to-problems.ts'),
  ]);
  const parsed = agentInputSchema.safeParse(agent, { reportInput: true });
  if (parsed.success) return parsed.data;
  const [first, ...more] = toProblems(agentInputSchema, parsed.error);
  throw first ? new ProblemError(first, ...more) : parsed.error;
}

/**
 * The agents that steps name, by the name they give.
 * @throws ProblemError with all that are not there, or cannot be read
 */
export async function loadStepAgents({ tasks }: Spec, { agents }: AgentContext): Promise<Record<string, Agent>> {
  const problems: Problem[] = [];
  const found = new Map<string, Agent>();
  for (const { name, agent } of tasks) {
    if (agent === undefined || found.has(agent)) continue;
    try {
      found.set(agent, await agents.get(agent));
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push(...error.problems.map((each) => ({ ...each, message: `${name}: ${each.message}`, task: name })));
    }
  }
  throwProblems(problems);
  return Object.fromEntries(found);
}
