import { ProblemError } from '../errors/problem.ts';

/** The flags that prompts and files of a command belong behind. */
interface WorkFlags {
  prompt: string;
  file: string;
}

/**
 * Tells a prompt or a path that stands where the agent belongs: whoever forgot the agent is not helped by hearing that
 * there is none of that name. Neither can be a name or an id.
 */
export function refuseWork(agent: string, command: string, flags: WorkFlags): void {
  const isPrompt = /[\s:]/.test(agent);
  if (!isPrompt && !agent.includes('/')) return;
  const message = `'${agent.slice(0, 80)}' is ${isPrompt ? 'a prompt' : 'a file'}, and the agent belongs there`;
  const hint = `ollama-orchestrate ${command} AGENT ${isPrompt ? flags.prompt : flags.file} …`;
  throw new ProblemError({ code: 'usage-invalid', message, hint });
}
