// In: a request from the command line. Out: the exit code. Effects: the run, and its views on stdout and stderr.
import type { Orchestrator } from '../app/create-orchestrator.ts';
import type { FurtherRequest } from '../app/resume-run.ts';
import type { RunRequest } from '../app/load-parts.ts';
import { ProblemError, type Problem } from '../errors/problem.ts';
import type { PlanSnapshot } from '../events/plan-snapshot.ts';
import { reduce } from '../events/reduce.ts';
import type { RunState } from '../events/run-state.ts';
import { Interruption, type Host } from '../host/host.ts';
import type { GlobalFlags } from './cli.ts';
import { exitCode } from './exit-code.ts';
import type { RunFlags, ViewFlags } from './run-flags.ts';

/** Carries out a request and shows it as the flags say; with `--dry-run` only its plan. */
export async function runCommand(request: RunRequest, flags: RunFlags, host: Host): Promise<number> {
  const { output } = flags;
  if (flags.dryRun === true) return showPlan(await openOrchestrator(flags, host), request, output, host);
  if (output === 'mermaid') throw onlyDry();
  return showRun(request, { ...flags, output }, host);
}

/** Goes on with a run and shows the whole of it as the flags say. */
export function furtherCommand(request: FurtherRequest, flags: ViewFlags, host: Host): Promise<number> {
  return showRun(request, flags, host);
}

async function openOrchestrator({ configDir }: GlobalFlags, host: Host): Promise<Orchestrator> {
  const { createOrchestrator } = await import('../app/create-orchestrator.ts');
  return createOrchestrator({ host, configDirectory: configDir });
}

async function showRun(request: RunRequest | FurtherRequest, flags: ViewFlags, host: Host): Promise<number> {
  const orchestrator = await openOrchestrator(flags, host);
  const { output, quiet = false, verbose = false, color } = flags;
  const [{ createRenderer }, { createPullView }, { unkeptWarning }] = await Promise.all([
    import('../render/index.ts'),
    import('./pull-view.ts'),
    import('../app/unkept-warning.ts'),
  ]);
  const renderer = createRenderer({ output, quiet, verbose, color: color ? undefined : false }, host);
  const pullView = createPullView(host, quiet);
  let state: RunState | undefined;
  const unkept: Problem[] = [];
  try {
    await orchestrator.execute(request, {
      onPull: pullView.onPull,
      onUnkept: (problem) => {
        unkept.push(problem);
        host.io.stderr.write(unkeptWarning(problem));
      },
      onPast: (event) => {
        state = reduce(state, event);
        renderer.onPast?.(event);
      },
      onEvent: (event) => {
        pullView.close();
        state = reduce(state, event);
        renderer.onEvent(event);
      },
    });
  } finally {
    pullView.close();
    await renderer.close();
  }
  if (!state) throw new Error('a run ended without an event');
  if (isReaderGone(host)) return Math.sign(state.counts.failed);
  if (unkept.length === 0 && state.status !== 'completed' && !quiet) host.io.stderr.write(`${howToGoOn(state)}\n`);
  return exitCode(state);
}

/** The command that goes on with a run that did not complete. */
function howToGoOn({ run_id, status, problem }: RunState): string {
  // A run whose end could not be kept is one that broke off.
  const verb = status === 'interrupted' || problem?.code === 'storage-failed' ? 'resume-run' : 'retry-run';
  return `go on: ollama-orchestrate ${verb} ${run_id}`;
}

function onlyDry(): ProblemError {
  const message = '--output mermaid draws a plan, and this is no dry run';
  return new ProblemError({ code: 'usage-invalid', message, hint: 'add --dry-run' });
}

/** Who reads our stdout has seen enough: no failure, unless there was one before. */
function isReaderGone({ signal }: Host): boolean {
  return signal.reason instanceof Interruption && signal.reason.signal === 'SIGPIPE';
}

async function showPlan(
  orchestrator: Orchestrator,
  request: RunRequest,
  output: RunFlags['output'],
  host: Host,
): Promise<number> {
  const [plan, { printJson, printText }, { planExitCode }] = await Promise.all([
    orchestrator.plan(request),
    import('./print.ts'),
    import('./exit-code.ts'),
  ]);
  if (output === 'json') printJson(host, plan);
  else if (output === 'ndjson') printJson(host, plan, 0);
  else printText(host, await toText(plan, request, output));
  return planExitCode(plan);
}

async function toText(plan: PlanSnapshot, { run_type }: RunRequest, output: RunFlags['output']): Promise<string> {
  if (output === 'mermaid') return (await import('./plan-mermaid.ts')).formatMermaid(plan);
  const { formatPlan, formatPlanReport } = await import('./format-plan.ts');
  const noun = run_type === 'workflow' ? 'step' : 'task';
  return output === 'markdown' ? formatPlanReport(plan, noun) : formatPlan(plan, noun);
}
