import type { WireRequest } from '../ollama/wire-refuse.ts';
import type { Sampling } from './llama-engine.ts';

/** How one answer is to be made: the request's options over a server's defaults. */
export interface AnswerOptions {
  sampling: Sampling;
  contextLength: number;
  threads: number;
  /** Most tokens of the answer. */
  limit: number;
  stop: string[];
  /** Tokens at the start of a prompt that survive its cutting. */
  keep: number;
  /** Whether an answer that fills the context goes on, forgetting its beginning. */
  shifts: boolean;
}

const samplingDefaults: Omit<Sampling, 'seed'> = {
  temperature: 0.8,
  top_k: 40,
  top_p: 0.9,
  min_p: 0,
  repeat_penalty: 1.1,
  repeat_last_n: 64,
  presence_penalty: 0,
  frequency_penalty: 0,
};

const defaultContextLength = 4096;
const smallestContextLength = 4;

/** Reads the options of a request whose types were checked before. */
export function readAnswerOptions(
  request: WireRequest,
  limits: { trainedContext: number; threads: number; random: () => number },
): AnswerOptions {
  const options = request.options ?? {};
  const number = (name: string, otherwise: number): number =>
    typeof options[name] === 'number' ? options[name] : otherwise;
  const integer = (name: string, otherwise: number): number => Math.trunc(number(name, otherwise));

  const wantedContext = Math.max(smallestContextLength, integer('num_ctx', defaultContextLength));
  const contextLength = Math.min(wantedContext, limits.trainedContext);
  const endless = 10 * contextLength;
  const limit = integer('num_predict', -1);
  const wantedThreads = integer('num_thread', 0);
  const seed = integer('seed', -1);
  return {
    sampling: {
      ...(Object.fromEntries(
        Object.entries(samplingDefaults).map(([name, value]) => [name, number(name, value)]),
      ) as typeof samplingDefaults),
      seed: seed >= 0 ? seed % 2 ** 32 : Math.floor(limits.random() * 2 ** 32),
    },
    contextLength,
    threads: wantedThreads > 0 ? Math.min(wantedThreads, limits.threads) : limits.threads,
    limit: limit <= 0 ? endless : Math.min(limit, endless),
    stop: Array.isArray(options['stop']) ? (options['stop'] as string[]) : [],
    keep: integer('num_keep', 4),
    shifts: request['shift'] !== false,
  };
}
