import { ProblemError } from '../errors/problem.ts';
import type { RunStatus } from '../events/run-document.ts';
import type { RunRow } from './stored-run.ts';

/** A run that cannot be touched, because its process is at work. */
export function stillRunning(row: RunRow, hint = `end it: ollama-orchestrate cancel-run ${row.id}`): ProblemError {
  const message = `run ${row.id} is still going on, in ${processOf(row)}`;
  return new ProblemError({ code: 'run-active', message, hint });
}

/** Another process has gone on with the run and ended it since it was looked at. */
export function runWentOn(id: string, status: RunStatus): ProblemError {
  const message = `another process went on with run ${id} meanwhile: now it is ${status}`;
  return new ProblemError({ code: 'run-ended', message, hint: `ollama-orchestrate show-run ${id}` });
}

/** The process that does a run, and its machine, in words. */
export function processOf({ owner_pid, owner_machine }: RunRow): string {
  const [machine = ''] = owner_machine.split(' ');
  return `process ${owner_pid} on ${machine}`;
}
