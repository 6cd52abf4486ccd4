import { withoutUndefined } from '../../lib/without-undefined.ts';
import type { Metrics } from '../../events/run-document.ts';
import { formatGoDuration } from '../../lib/go-duration.ts';
import type { WireMetrics } from '../../ollama/wire.ts';

/** Moments of a task, in milliseconds since the epoch. */
export interface TaskTimes {
  readyAt: number;
  /** Start of the first attempt. */
  startedAt: number;
  /** Start of the last attempt. */
  sentAt: number;
  firstPieceAt?: number | undefined;
  finishedAt: number;
}

/** What a task cost, from our clock and the server's own figures. */
export function toMetrics(times: TaskTimes, wire: WireMetrics = {}, wasLoad = false): Metrics {
  const total_ns = nanoseconds(times.finishedAt - times.startedAt);
  const { prompt_eval_count: prompt_tokens, eval_count: output_tokens, eval_duration } = wire;
  const counted = prompt_tokens !== undefined || output_tokens !== undefined;
  return withoutUndefined({
    duration: formatGoDuration(total_ns),
    total_ns,
    queued_ns: nanoseconds(times.startedAt - times.readyAt),
    load_ns: wire.load_duration,
    model_loaded: wasLoad || undefined,
    prompt_eval_ns: wire.prompt_eval_duration,
    eval_ns: eval_duration,
    first_token_ns: times.firstPieceAt === undefined ? undefined : nanoseconds(times.firstPieceAt - times.sentAt),
    prompt_tokens,
    output_tokens,
    tokens_used: counted ? (prompt_tokens ?? 0) + (output_tokens ?? 0) : undefined,
    tokens_per_second: tokensPerSecond(output_tokens, eval_duration),
  });
}

function nanoseconds(ms: number): number {
  return Math.max(0, Math.round(ms * 1e6));
}

function tokensPerSecond(tokens: number | undefined, durationNs: number | undefined): number | undefined {
  if (tokens === undefined || durationNs === undefined || durationNs <= 0) return undefined;
  return Math.round((tokens / durationNs) * 1e11) / 100;
}
