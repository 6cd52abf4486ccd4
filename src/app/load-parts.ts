// In: what was asked for. Out: the parts of a run: its Spec and its agents. Effects: reads files, agents and stdin.
import type { AgentInput } from '../agents/schema.ts';
import { loadSpec, type SpecHost, type SpecRequest } from '../spec/load-spec.ts';
import { loadAgent, loadStepAgents } from './load-agents.ts';
import type { RunContext } from './run-context.ts';
import type { RunParts } from './run-to-keep.ts';
import type { RunOptions } from './settings.ts';

export interface RunRequest extends SpecRequest, RunOptions {
  /** Name, id or unique beginning of the id of a stored agent, or an agent made for this run. */
  agent: string | AgentInput;
  /** Where the files, the standard input and the variables it names are read; default: where those of the program are. */
  sources?: SpecHost | undefined;
}

/** @throws ProblemError when what was asked for is wrong, or cannot be read */
export async function loadParts(request: RunRequest, context: RunContext): Promise<RunParts> {
  const { host } = context;
  const { run_type: _type, agent: named, flags: _flags, file: _file, tasks: _tasks, ...others } = request;
  const { sequential: _sequential, asTyped: _asTyped, vars: _vars, sources = host, ...options } = others;
  const agent = await loadAgent(named, context);
  const spec = await loadSpec(request, context, sources);
  const stepAgents = await loadStepAgents(spec, context);
  return { id: host.newId(), agent, stepAgents, options, spec };
}
