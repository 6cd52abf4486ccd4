import { hashText } from '../../src/lib/hash-text.ts';
import { createSeededRandom } from '../../src/lib/seeded-random.ts';
import { promptOf } from '../../src/ollama/wire-prompt.ts';
import type { WireRequest } from '../../src/ollama/wire-refuse.ts';
import { valueOf } from '../../src/simulator/schema-value.ts';
import { normalize } from '../../src/simulator/text-vector.ts';

/** What the fake model says: always the same for the same model, prompt, seed and options. */
export interface FakeAnswer {
  thinking: string[];
  tokens: string[];
  toolCall?: { name: string; arguments: Record<string, unknown> };
  done_reason: 'stop' | 'length';
  promptTokens: number;
}

const words =
  'the a model answers with words that depend on nothing but seed and prompt so every run reads alike é 日本語 🎉 and <b> &c'.split(
    ' ',
  );

export function answerFor(request: WireRequest, path: string, canThink: boolean): FakeAnswer {
  const prompt = promptOf(path, request);
  const { options = {} } = request;
  // Where the text ends does not change what it says.
  const sampling = { ...options, stop: undefined, num_predict: undefined };
  const dice = createDice(JSON.stringify([request.model, prompt, request['format'], sampling]));
  const budget =
    typeof options['num_predict'] === 'number' && options['num_predict'] >= 0 ? options['num_predict'] : 400;
  const isThinking = canThink && request['think'] !== false;
  const thinking = isThinking ? ['Let', ' me', ' see', '.'].slice(0, budget) : [];
  const toolCall = path === '/api/chat' ? firstToolCall(request) : undefined;
  const said = toolCall ? [] : (structuredTokens(request.format, dice) ?? proseTokens(dice));
  const stopped = cutAtStop(said, options['stop']);
  const tokens = stopped.slice(0, budget - thinking.length);
  const done_reason = thinking.length + stopped.length > budget ? 'length' : 'stop';
  return {
    thinking,
    tokens,
    ...(toolCall && { toolCall }),
    done_reason,
    promptTokens: Math.max(1, Math.ceil(prompt.length / 4)),
  };
}

/** A unit vector that depends on the model and the text alone. */
export function vectorFor(model: string, text: string, length: number): number[] {
  const dice = createDice(JSON.stringify([model, text]));
  return normalize(Array.from({ length }, () => dice() - 0.5));
}

function proseTokens(dice: () => number): string[] {
  const count = 8 + Math.floor(dice() * 16);
  return Array.from({ length: count }, (_, index) => {
    return `${index === 0 ? '' : ' '}${words[Math.floor(dice() * words.length)]}`;
  });
}

function structuredTokens(format: unknown, dice: () => number): string[] | undefined {
  if (!format) return undefined;
  const value = format === 'json' ? { answer: proseTokens(dice).join('') } : valueOf(format, dice);
  return JSON.stringify(value).match(/.{1,4}/gsu) ?? [];
}

function firstToolCall(request: WireRequest): FakeAnswer['toolCall'] {
  const [tool] = (request['tools'] ?? []) as { function: { name: string; parameters?: unknown } }[];
  const wantsAnswer = request.messages?.at(-1)?.role === 'tool';
  if (!tool || wantsAnswer) return undefined;
  const parameters = valueOf(tool.function.parameters ?? {}, () => 0) as Record<string, unknown>;
  return { name: tool.function.name, arguments: parameters };
}

function cutAtStop(tokens: string[], stop: unknown): string[] {
  const stops = (Array.isArray(stop) ? stop : []).filter((text): text is string => typeof text === 'string');
  const whole = tokens.join('');
  const at = Math.min(...stops.map((text) => whole.indexOf(text)).filter((index) => index >= 0));
  if (at === Infinity) return tokens;
  const kept: string[] = [];
  let left = at;
  for (const token of tokens) {
    if (left <= 0) break;
    kept.push(token.slice(0, left));
    left -= token.length;
  }
  return kept;
}

const createDice = (text: string): (() => number) => createSeededRandom(hashText(text));
