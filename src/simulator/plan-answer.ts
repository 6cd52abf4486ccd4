// In: a checked request to generate or chat. Out: what the virtual model will say to it, always the same.
import { estimateTokens } from '../lib/estimate-tokens.ts';
import { hashText } from '../lib/hash-text.ts';
import { createSeededRandom } from '../lib/seeded-random.ts';
import { createStopScanner } from '../lib/stop-strings.ts';
import { lateErrorReply, type WireReply } from '../ollama/wire-encode.ts';
import type { Features } from '../ollama/wire-features.ts';
import { readAnswerLimits, type AnswerLimits } from '../ollama/wire-options.ts';
import { fitMessages, imagesOf, promptOf } from '../ollama/wire-prompt.ts';
import { formatErrorText, type WireRequest } from '../ollama/wire-refuse.ts';
import type { WireToolCall } from '../ollama/wire.ts';
import { codeBlockFor } from './code-block.ts';
import { valueOf } from './schema-value.ts';
import type { VirtualModel } from './virtual-model.ts';

/** An answer before it is given. */
export interface AnswerPlan {
  /** What the server says in its place, once the model is loaded. */
  refusal?: WireReply | undefined;
  /** As far as it is read. */
  promptTokens: number;
  /** One a token. */
  pieces: Piece[];
  done_reason: 'stop' | 'length';
}

export interface Piece {
  text?: string;
  thinking?: string;
  tool_calls?: WireToolCall[];
}

export interface AnswerTo {
  path: '/api/generate' | '/api/chat';
  body: WireRequest;
  model: VirtualModel;
  numCtx: number;
  has: Features;
}

/** Decides on an answer: it depends on the model, the prompt, the seed and the options alone. */
export function planAnswer(to: AnswerTo): AnswerPlan {
  const { body, numCtx } = to;
  const limits = readAnswerLimits(body, numCtx);
  const { promptTokens, isTooLong } = fitPrompt(to, limits);
  const refusal = refuseLate(body, isTooLong);
  const room = limits.shifts ? Infinity : Math.max(1, numCtx - promptTokens);
  const whole = say(to, limits.stop);
  const most = Math.min(limits.limit, room);
  const pieces = whole.length > most ? whole.slice(0, most) : whole;
  return { refusal, promptTokens, pieces, done_reason: whole.length > most ? 'length' : 'stop' };
}

function refuseLate(body: WireRequest, isTooLong: boolean): WireReply | undefined {
  const wrong = formatErrorText(body['format']);
  if (wrong !== undefined) return lateErrorReply(500, wrong);
  if (!isTooLong || body.truncate !== false) return undefined;
  return lateErrorReply(400, 'the input length exceeds the context length');
}

/** What is left of a prompt in its context: nobody is told that something was cut. */
function fitPrompt(
  { path, body, numCtx, model, has }: AnswerTo,
  { keep }: AnswerLimits,
): { promptTokens: number; isTooLong: boolean } {
  const count = (request: WireRequest): number => countTokens(path, request, model);
  const whole = count(body);
  if (whole <= numCtx) return { promptTokens: whole, isTooLong: false };
  const messages = fitMessages(body.messages ?? [], (kept) => count({ ...body, messages: kept }) <= numCtx);
  const left = path === '/api/chat' ? count({ ...body, messages }) : whole;
  const cut = has.halvesPrompts ? numCtx - Math.floor((numCtx - keep) / 2) : numCtx;
  return { promptTokens: left <= numCtx ? left : cut, isTooLong: true };
}

/** Images count only where they are seen. */
function countTokens(path: string, request: WireRequest, model: VirtualModel): number {
  const images = model.capabilities.includes('vision') ? imagesOf(request).length : 0;
  return Math.max(1, estimateTokens(promptOf(path, request))) + images * tokensOfImage;
}

const tokensOfImage = 768;

function say(to: AnswerTo, stops: readonly string[]): Piece[] {
  const { path, body, model, has } = to;
  const dice = createDice(to);
  const isThinking = model.capabilities.includes('thinking') && body['think'] !== false;
  const thoughts = isThinking ? thinkingTokens.map((thinking) => ({ thinking })) : [];
  const call = path === '/api/chat' ? callTool(body, dice, has) : undefined;
  if (call) return [...thoughts, call];
  const tokens = body['format']
    ? structuredTokens(body['format'], dice)
    : proseTokens(model, promptOf(path, body), dice);
  return [...thoughts, ...cutAtStop(tokens, stops).map((text) => ({ text }))];
}

/** Where a text ends does not change what it says. */
function createDice({ path, body, model }: AnswerTo): () => number {
  const sampling = { ...body.options, stop: undefined, num_predict: undefined, num_ctx: undefined };
  return createSeededRandom(hashText(JSON.stringify([model.name, promptOf(path, body), body['format'], sampling])));
}

const thinkingTokens = [
  'This',
  ' is',
  ' a',
  ' simulation',
  ',',
  ' so',
  ' there',
  ' is',
  ' nothing',
  ' to',
  ' think',
  '.',
];

const words =
  'the a model answer text of words that mean nothing and are made up here by rule while time and order are as they would be'.split(
    ' ',
  );

function proseTokens({ name, answerTokens }: VirtualModel, prompt: string, dice: () => number): string[] {
  const opening = ['Simulated', ' answer', ' of', ` ${name.replace(/:latest$/, '')}`, ':'];
  const count = answerTokens ?? 24 + Math.floor(dice() * 32);
  const rest = Array.from({ length: Math.max(0, count - opening.length) }, () => {
    return ` ${words[Math.floor(dice() * words.length)] ?? ''}`;
  });
  const code = answerTokens === undefined ? codeBlockFor(prompt) : undefined;
  return [...[...opening, ...rest].slice(0, count), ...(code?.match(/\s?\S+|\s/g) ?? [])];
}

function structuredTokens(format: unknown, dice: () => number): string[] {
  const value = format === 'json' ? { simulated: true, answer: 'made up, no model was asked' } : valueOf(format, dice);
  return JSON.stringify(value).match(/.{1,4}/gsu) ?? [];
}

/** A model that may call tools calls the first, once. */
function callTool(body: WireRequest, dice: () => number, has: Features): Piece | undefined {
  const [tool] = (body['tools'] ?? []) as { function: { name: string; parameters?: unknown } }[];
  if (!tool || body.messages?.at(-1)?.role === 'tool') return undefined;
  const parameters = valueOf(tool.function.parameters ?? {}, dice);
  const id = `call_${Math.floor(dice() * 36 ** 8)
    .toString(36)
    .padStart(8, '0')}`;
  const args = (typeof parameters === 'object' && parameters !== null ? parameters : {}) as Record<string, unknown>;
  const call = { index: 0, name: tool.function.name, arguments: args };
  return { tool_calls: [{ ...(has.toolCallIds && { id }), function: call }] };
}

function cutAtStop(tokens: readonly string[], stops: readonly string[]): string[] {
  if (stops.length === 0) return [...tokens];
  const scanner = createStopScanner(stops);
  const kept: string[] = [];
  for (const token of tokens) {
    const { text, isStopped } = scanner.push(token);
    if (text !== '') kept.push(text);
    if (isStopped) return kept;
  }
  const rest = scanner.flush();
  return rest === '' ? kept : [...kept, rest];
}
