import { readAnswerLimits, readInteger, type AnswerLimits } from '../ollama/wire-options.ts';
import type { WireRequest } from '../ollama/wire-refuse.ts';
import type { Sampling } from './llama-engine.ts';

/** How one answer is to be made: the request's options over a server's defaults. */
export interface AnswerOptions extends AnswerLimits {
  sampling: Sampling;
  contextLength: number;
  threads: number;
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

  const wantedContext = Math.max(smallestContextLength, readInteger(request, 'num_ctx', defaultContextLength));
  const contextLength = Math.min(wantedContext, limits.trainedContext);
  const wantedThreads = readInteger(request, 'num_thread', 0);
  const seed = readInteger(request, 'seed', -1);
  return {
    sampling: {
      ...(Object.fromEntries(
        Object.entries(samplingDefaults).map(([name, value]) => [name, number(name, value)]),
      ) as typeof samplingDefaults),
      seed: seed >= 0 ? seed % 2 ** 32 : Math.floor(limits.random() * 2 ** 32),
    },
    contextLength,
    threads: wantedThreads > 0 ? Math.min(wantedThreads, limits.threads) : limits.threads,
    ...readAnswerLimits(request, contextLength),
  };
}
