// In: a checked request for vectors. Out: those vectors.
import { estimateTokens } from '../lib/estimate-tokens.ts';
import { errorReply, jsonReply, type WireReply } from '../ollama/wire-encode.ts';
import type { PromptEndpoint } from '../ollama/wire-prompt.ts';
import { toResponse } from '../ollama/wire-respond.ts';
import type { WireRequest } from '../ollama/wire-refuse.ts';
import type { EmbedResponse } from '../ollama/wire.ts';
import { toNs } from './answer-prompt.ts';
import { askModel, numCtxOf } from './ask-model.ts';
import { embeddingLengthOf } from './model-store.ts';
import type { Simulation } from './simulation.ts';
import { normalize, vectorOf } from './text-vector.ts';
import type { VirtualModel } from './virtual-model.ts';

/** A request to embed. */
export interface EmbedCall {
  path: PromptEndpoint;
  body: WireRequest;
  model: VirtualModel;
  signal: AbortSignal;
}

/** Answers with a vector for each text; without a text, the model is loaded. */
export async function answerEmbed(simulation: Simulation, call: EmbedCall): Promise<Response> {
  const { path, body, model, signal } = call;
  const texts = textsOf(path, body);
  const numCtx = numCtxOf(simulation, model, body);
  const counts = texts.map((text) => tokensAround + estimateTokens(text));
  const promptTokens = counts.reduce((sum, count) => sum + Math.min(count, numCtx), 0);
  const refusal = refuse(
    simulation,
    call,
    counts.some((count) => count > numCtx),
  );
  const answer: EmbedResponse = { model: body.model ?? '', embeddings: [] };
  for await (const [told] of askModel(simulation, { body, model, signal, refusal, promptTokens, outputTokens: 0 })) {
    if (!told || !('timing' in told) || texts.length === 0) continue;
    const { totalMs, loadMs } = told.timing;
    const durations = { total_duration: toNs(totalMs), load_duration: toNs(loadMs) };
    Object.assign(answer, { ...durations, prompt_eval_count: promptTokens });
  }
  const { dimensions = 0 } = body;
  answer.embeddings = texts.map((text) => shorten(vectorOf(text, model.name, embeddingLengthOf(model)), dimensions));
  return toResponse(jsonReply(path === '/api/embed' ? answer : { embedding: answer.embeddings[0] ?? [] }));
}

/** The marks of a text's beginning and end. */
const tokensAround = 2;

function textsOf(path: string, body: WireRequest): string[] {
  const input = path === '/api/embed' ? (body['input'] as string | string[] | null | undefined) : body.prompt;
  return Array.isArray(input) ? input : input ? [input] : [];
}

/** Both are found only when the model is loaded. */
function refuse({ has }: Simulation, { body, model }: EmbedCall, isTooLong: boolean): WireReply | undefined {
  if (has.strictEmbed && !model.capabilities.includes('embedding'))
    return errorReply(501, 'This server does not support embeddings. Start it with `--embeddings`');
  const isRefused = isTooLong && body.truncate === false;
  return isRefused ? errorReply(400, 'the input length exceeds the context length') : undefined;
}

function shorten(vector: number[], dimensions: number): number[] {
  return dimensions > 0 && dimensions < vector.length ? normalize(vector.slice(0, dimensions)) : vector;
}
