import type { WireRequest } from './wire-refuse.ts';

/** Where an answer ends, and what becomes of a prompt that does not fit. */
export interface AnswerLimits {
  /** Most tokens of the answer. */
  limit: number;
  stop: string[];
  /** Tokens at the start of a prompt that survive its cutting. */
  keep: number;
  /** Whether an answer that fills the context goes on, forgetting its beginning. */
  shifts: boolean;
}

/** Reads the limits of a request whose types were checked before. */
export function readAnswerLimits(request: WireRequest, contextLength: number): AnswerLimits {
  const { stop } = request.options ?? {};
  const endless = 10 * contextLength;
  const limit = readInteger(request, 'num_predict', -1);
  return {
    limit: limit <= 0 ? endless : Math.min(limit, endless),
    stop: Array.isArray(stop) ? (stop as string[]) : [],
    keep: readInteger(request, 'num_keep', 4),
    shifts: request['shift'] !== false,
  };
}

/** An option as servers read it: fractions are cut off. */
export function readInteger<D>({ options = {} }: WireRequest, name: string, otherwise: D): number | D {
  const value = options[name];
  return typeof value === 'number' ? Math.trunc(value) : otherwise;
}
