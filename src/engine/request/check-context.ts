import type { Problem } from '../../errors/problem.ts';
import { countWords, estimateTokens } from '../../lib/estimate-tokens.ts';
import type { TaskCall } from '../../tasks/define-task.ts';

/** The context a prompt has to fit into. */
export interface Context {
  model: string;
  /** Tokens; absent when nobody tells. */
  length?: number | undefined;
  /** The most the model can have. */
  trained?: number | undefined;
}

/**
 * Why a prompt need not be sent: it has more words than the context tokens. Nearer to the limit the server decides, who
 * can count.
 */
export function refuseUnsent(call: TaskCall, context: Context): Problem | undefined {
  const { length } = context;
  // Between two words is at least one character.
  if (length === undefined || sizeOf(call) < 2 * length) return undefined;
  const words = textsOf(call).reduce((sum, text) => sum + countWords(text, length + 1 - sum), 0);
  return words > length ? doesNotFit(call, context) : undefined;
}

/** What the server read of a prompt. */
export interface Read {
  /** Its `prompt_eval_count`. */
  tokens?: number | undefined;
  /** It was not, or could not be, told to refuse what does not fit. */
  mayHaveCut: boolean;
}

/**
 * What shows that a server cut a prompt. Some cut to the whole context, some to half of it, and in a chat whole messages
 * go; none says so.
 */
export function findCut(call: TaskCall, { tokens, mayHaveCut }: Read, context: Context): Problem | undefined {
  const { length } = context;
  if (tokens === undefined || length === undefined) return undefined;
  // More than fits cannot have been read: the context is not what we were told.
  if (tokens > length) return undefined;
  if (tokens === length) return wasCut(call, tokens, context);
  // A text has at most as many tokens as bytes.
  if (3 * sizeOf(call) < length) return undefined;
  const estimate = estimateOf(call);
  const isShort = estimate > 0.7 * length && (estimate > maxExcess * tokens || wordsOf(call) > tokens);
  const isHalf = estimate > 0.75 * length && isHalfOf(length, tokens, call.options?.['num_keep']);
  const isDropped = mayHaveCut && estimate > length && tokens + longestDroppable(call) > length;
  return isShort || isHalf || isDropped ? wasCut(call, tokens, context) : undefined;
}

/** What the estimate exceeds the truth by at most: bench/token-estimate.mjs. */
const maxExcess = 1.6;

/** A server's refusal of a prompt, with the numbers it may have left out. */
export function explainTooLong(problem: Problem, call: TaskCall, context: Context): Problem {
  const { message, hint } = doesNotFit(call, context);
  return { ...problem, message, hint };
}

function doesNotFit(call: TaskCall, context: Context): Problem {
  const { model, length } = context;
  const holds = length === undefined ? '' : `, which holds ${length} tokens`;
  const message = `the prompt does not fit into the context of ${model}${holds}: it has about ${estimateOf(call)}`;
  return { code: 'prompt-too-long', message, hint: hintFor(call, context) };
}

function wasCut(call: TaskCall, tokens: number, context: Context): Problem {
  const { model, length = tokens } = context;
  const sent = Math.max(estimateOf(call), tokens);
  const message = `the prompt was cut: of about ${sent} tokens ${tokens} were read, the context of ${model} holds ${length}`;
  return { code: 'prompt-too-long', message, hint: hintFor(call, context) };
}

/** Room for the prompt, for the error of the estimate, and for an answer. */
function hintFor(call: TaskCall, { length = 0, trained = Infinity }: Context): string {
  const enough = 2 ** Math.ceil(Math.log2(Math.max(1.5 * estimateOf(call), length + 1)));
  if (length >= trained) return `shorten the prompt: the model was trained for ${trained} tokens at most`;
  return `give it a longer context: --option num_ctx=${Math.min(enough, trained)}, or shorten the prompt`;
}

function textsOf({ input, system, messages = [] }: TaskCall): string[] {
  return [input, ...(system === undefined ? [] : [system]), ...messages.map(({ content }) => content)];
}

function sizeOf(call: TaskCall): number {
  return textsOf(call).reduce((sum, text) => sum + text.length, 0);
}

function estimateOf(call: TaskCall): number {
  return textsOf(call).reduce((sum, text) => sum + estimateTokens(text), 0);
}

function wordsOf(call: TaskCall): number {
  return textsOf(call).reduce((sum, text) => sum + countWords(text), 0);
}

/** Servers since 0.30 keep the first `num_keep` tokens and half of the others. */
function isHalfOf(length: number, tokens: number, keep: unknown): boolean {
  const kept = typeof keep === 'number' && keep >= 0 ? keep : 4;
  return Math.abs(length - (length - kept) / 2 - tokens) <= 2;
}

/** The server keeps system messages and the last message. */
function longestDroppable({ messages = [] }: TaskCall): number {
  const sizes = messages.filter(({ role }) => role !== 'system').map(({ content }) => estimateTokens(content));
  return Math.max(0, ...sizes);
}
