// In: the calls of one request and the model they go to. Out: their outcomes, or what went wrong. Effects: the request.
import { ProblemError, toProblem, type Problem } from '../../errors/problem.ts';
import type { Clock } from '../../host/host.ts';
import { createDeferred } from '../../lib/deferred.ts';
import { formatGoDuration } from '../../lib/go-duration.ts';
import type { OllamaClient } from '../../ollama/client.ts';
import type { TaskCall, TaskDefinition, TaskOutcome } from '../../tasks/define-task.ts';
import { startDeadline } from '../deadline.ts';

export interface Attempt {
  definition: TaskDefinition;
  calls: readonly TaskCall[];
  client?: OllamaClient | undefined;
  model?: string | undefined;
  /** Of the whole attempt, from sending to the last byte. */
  timeoutMs: number;
  /** Aborted when the run stops. */
  signal: AbortSignal;
  clock: Clock;
  onDelta: (channel: 'text' | 'thinking', text: string) => void;
}

export type AttemptResult = { droppedLines: number; firstPieceAt?: number | undefined } & (
  { outcomes: TaskOutcome[] } | { problem: Problem; delivered: boolean }
);

/** Longest answer we keep, in UTF-16 units. */
const maxOutputLength = 64 * 1024 * 1024;

export async function runAttempt(attempt: Attempt): Promise<AttemptResult> {
  const { definition, calls, client, model, clock } = attempt;
  const { signal, abort, orAbort } = createEnd();
  const stop = (): void => abort(attempt.signal.reason);
  attempt.signal.addEventListener('abort', stop, { once: true });
  if (attempt.signal.aborted) stop();
  const cancelDeadline = startDeadline(attempt.timeoutMs, clock, () => abort(timeoutError(attempt)));
  let droppedLines = 0;
  let received = 0;
  let firstPieceAt: number | undefined;
  try {
    signal.throwIfAborted();
    const outcomes = await orAbort(
      definition.run(calls, {
        client,
        model,
        signal,
        onDroppedLine: () => droppedLines++,
        onDelta: (channel, text) => {
          if (signal.aborted) return;
          firstPieceAt ??= clock.now();
          received += text.length;
          if (received > maxOutputLength) abort(tooLargeError(attempt));
          else attempt.onDelta(channel, text);
        },
      }),
    );
    checkOutcomes(outcomes, attempt);
    return { outcomes, droppedLines, firstPieceAt };
  } catch (error) {
    // What a handler throws because its signal was aborted is not the reason.
    const problem = problemOf(signal.aborted ? signal.reason : error, definition);
    return { problem, delivered: received > 0, droppedLines, firstPieceAt };
  } finally {
    cancelDeadline();
    attempt.signal.removeEventListener('abort', stop);
  }
}

interface End {
  signal: AbortSignal;
  abort: (reason: unknown) => void;
  /** The work, unless the attempt is aborted before: a handler of a library user need not look at the signal. */
  orAbort: <T>(work: Promise<T>) => Promise<T>;
}

function createEnd(): End {
  const controller = new AbortController();
  const aborted = createDeferred<never>();
  // An attempt may be aborted while nobody waits for it.
  aborted.promise.catch(() => undefined);
  return {
    signal: controller.signal,
    abort: (reason) => {
      controller.abort(reason);
      aborted.reject(reason);
    },
    orAbort: (work) => Promise.race([work, aborted.promise]),
  };
}

/** Handlers of library users may answer anything. */
function checkOutcomes(outcomes: unknown, { calls, definition }: Attempt): void {
  if (Array.isArray(outcomes) && outcomes.length === calls.length && outcomes.every(isOutcome)) return;
  const message = `the handler of task type '${definition.type}' did not answer with one text per call`;
  throw new ProblemError({ code: 'handler-failed', message, hint: 'return a string' });
}

function isOutcome(outcome: unknown): boolean {
  return typeof outcome === 'object' && outcome !== null && 'output' in outcome && typeof outcome.output === 'string';
}

function problemOf(error: unknown, definition: TaskDefinition): Problem {
  if (error instanceof ProblemError || definition.needs) return toProblem(error);
  const reason = error instanceof Error ? error.message : String(error);
  return { code: 'handler-failed', message: `the handler of task type '${definition.type}' failed: ${reason}` };
}

function timeoutError({ timeoutMs, model, client }: Attempt): ProblemError {
  const place = model === undefined ? '' : ` from ${model} on ${client?.host ?? ''}`;
  return new ProblemError({
    code: 'timeout',
    message: `no complete answer${place} within ${formatGoDuration(timeoutMs * 1e6)}`,
    hint: 'give it longer with --timeout, or timeout_seconds of the agent',
    host: client?.host,
  });
}

function tooLargeError({ client }: Attempt): ProblemError {
  const message = `the answer is longer than ${maxOutputLength / 1024 / 1024} MiB`;
  return new ProblemError({
    code: 'output-too-large',
    message,
    hint: 'limit it with --option num_predict=N',
    host: client?.host,
  });
}
