import { hidePassword } from '../agents/hide-secrets.ts';
import { catalogue } from '../errors/catalogue.ts';
import { ProblemError, type Problem } from '../errors/problem.ts';
import { Interruption, type Host } from '../host/host.ts';
import { neutralize } from '../lib/neutralize.ts';

/** Tells what ended the program early, on stderr, and returns its exit code. */
export function reportFailure(error: unknown, { io, signal }: Host, { verbose }: { verbose: boolean }): number {
  if (error instanceof Interruption) return exitOfInterruption(error);
  if (signal.aborted && !(error instanceof ProblemError)) return exitOfInterruption(signal.reason);
  const problems = error instanceof ProblemError ? error.problems : [faultOfOurs(error)];
  for (const problem of problems) writeProblem(problem, { io });
  if (!(error instanceof ProblemError) && verbose) io.stderr.write(neutralize(`${stackOf(error)}\n`));
  return catalogue[problems[0].code].exit;
}

/** A closed stdout is no failure. */
function exitOfInterruption(reason: unknown): number {
  if (reason instanceof Interruption && reason.signal === 'SIGPIPE') return 0;
  const terminated = reason instanceof Interruption && reason.signal === 'SIGTERM';
  return catalogue[terminated ? 'terminated' : 'interrupted'].exit;
}

/** Tells a problem on stderr; nothing in it can act on the terminal. */
export function writeProblem(problem: Problem, { io }: Pick<Host, 'io'>): void {
  io.stderr.write(neutralize(hidePassword(formatProblem(problem))));
}

/** A problem as people are told it: the place, what is wrong, the line it stands in, and what to do. */
function formatProblem({ message, hint, location, excerpt }: Problem): string {
  const isSaid = location?.file !== undefined && message.includes(location.file);
  const place = location && !isSaid ? `${location.file ?? ''}:${location.line}:${location.column}: ` : '';
  const lines = excerpt === undefined ? '' : `${excerpt.replace(/^/gm, '  ')}\n`;
  const hintLine = hint === undefined ? '' : `  ${hint}\n`;
  return `error: ${place}${message}\n${lines}${hintLine}`;
}

function faultOfOurs(error: unknown): Problem {
  const what = error instanceof Error ? error.message : String(error);
  return {
    code: 'internal',
    message: `this is a fault of ollama-orchestrate: ${what}`,
    hint: 'please report it with what you typed and what --verbose prints',
  };
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
