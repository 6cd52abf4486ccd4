// In: what was typed of a run. Out: its agent, and the variables its workflow file needs. Effects: questions on a terminal.
import { ProblemError, throwProblems } from '../errors/problem.ts';
import type { Dialog } from '../host/dialog.ts';
import type { Host } from '../host/host.ts';
import { isSet } from '../lib/is-set.ts';
import type { WorkflowVar } from '../spec/workflow/workflow-vars.ts';
import type { GlobalFlags } from './cli.ts';
import { refuseWork } from './not-an-agent.ts';

/** What was typed of a run. */
export interface TypedRun {
  command: 'run-tasks' | 'run-workflow';
  agent?: string | undefined;
  /** A tasks file or a workflow file. */
  file?: string | undefined;
  vars: Readonly<Record<string, string>>;
  /** Whether it holds anything to do. */
  hasWork: boolean;
}

/**
 * Asks for what is missing, where a person can answer.
 * @throws ProblemError `usage-invalid` when there is no agent and nobody to ask
 */
export async function askMissing(
  run: TypedRun,
  flags: GlobalFlags,
  host: Host,
): Promise<{ agent: string; vars: TypedRun['vars'] }> {
  const { agent, command, vars } = run;
  if (agent !== undefined) refuseWork(agent, command, workFlags[command]);
  const canAsk = run.hasWork && run.file !== '-' && isAnswerable(flags, host);
  const missing = canAsk && command === 'run-workflow' ? await loadMissingVars(run, host) : [];
  if (agent !== undefined && missing.length === 0) return { agent, vars };
  if (!canAsk) throw agentMissing(command);
  return withDialog(host, async (dialog) => {
    const chosen = agent ?? (await askAgent(dialog, flags, host));
    if (chosen === undefined) throw agentMissing(command);
    return { agent: chosen, vars: { ...vars, ...(await askVars(dialog, missing, host)) } };
  });
}

const workFlags = {
  'run-tasks': { prompt: '--tasks', file: '--tasks-file' },
  'run-workflow': { prompt: '--steps', file: '--file' },
} as const;

/** Somebody reads what stands on stderr and can type; a job of CI or a pipe must not wait for ever. */
function isAnswerable({ quiet }: GlobalFlags, { io, env }: Host): boolean {
  return quiet !== true && !isSet(env['CI']) && io.stderr.isTTY === true && io.stdin.isTTY === true;
}

async function loadMissingVars({ file, vars }: TypedRun, host: Host): Promise<WorkflowVar[]> {
  if (file === undefined) return [];
  const { createOrchestrator } = await import('../app/create-orchestrator.ts');
  const check = await createOrchestrator({ host }).validateWorkflow(file);
  // Nobody is asked about a file that cannot be run.
  throwProblems(check.problems);
  return check.vars.filter(({ name, value }) => value === undefined && !Object.hasOwn(vars, name));
}

async function withDialog<T>(host: Host, talk: (dialog: Dialog) => Promise<T>): Promise<T> {
  const { openDialog } = await import('../host/dialog.ts');
  const dialog = openDialog(host);
  try {
    const answers = await talk(dialog);
    if (dialog.ahead.length > 0) throw linesLeft();
    return answers;
  } finally {
    dialog.close();
  }
}

async function askAgent(dialog: Dialog, flags: GlobalFlags, host: Host): Promise<string | undefined> {
  const ask = await import('./ask-agent.ts');
  return ask.askAgent(dialog, flags, host);
}

async function askVars(dialog: Dialog, vars: readonly WorkflowVar[], host: Host): Promise<Record<string, string>> {
  if (vars.length === 0) return {};
  const ask = await import('./ask-vars.ts');
  return ask.askVars(dialog, vars, host);
}

function agentMissing(command: TypedRun['command']): ProblemError {
  const message = "missing required argument 'AGENT'";
  return new ProblemError({ code: 'usage-invalid', message, hint: `ollama-orchestrate ${command} --help` });
}

/** A value of several lines was pasted: what came behind the last question would be lost. */
function linesLeft(): ProblemError {
  const message = 'more lines came in than were asked for; nothing was sent';
  return new ProblemError({
    code: 'usage-invalid',
    message,
    hint: 'give a value of several lines as --var NAME=VALUE',
  });
}
