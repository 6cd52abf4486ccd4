// In: a checked request to generate or chat. Out: its answer, in lines that come when a model would have made them.
import { chatChunk, closeChunk, generateChunk } from '../ollama/wire-encode.ts';
import { emptyAnswer, isEmptyPrompt, joinChunks, promptOf } from '../ollama/wire-prompt.ts';
import { joinBatches, streamBatches, toResponse } from '../ollama/wire-respond.ts';
import type { WireRequest } from '../ollama/wire-refuse.ts';
import type { ChatChunk, GenerateChunk, WireMetrics } from '../ollama/wire.ts';
import { askModel, numCtxOf, type Told } from './ask-model.ts';
import type { Timing } from './exchange.ts';
import { planAnswer, type AnswerPlan, type Piece } from './plan-answer.ts';
import type { Simulation } from './simulation.ts';
import type { VirtualModel } from './virtual-model.ts';

/** A request to generate or chat. */
export interface PromptCall {
  path: '/api/generate' | '/api/chat';
  body: WireRequest;
  model: VirtualModel;
  signal: AbortSignal;
}

type Chunk = GenerateChunk | ChatChunk;

/** Answers a prompt; without one, the model is loaded. Throws what the client is to be told before the first line. */
export async function answerPrompt(simulation: Simulation, call: PromptCall): Promise<Response> {
  const { path, body } = call;
  if (isEmptyPrompt(path, body)) {
    await loadOnly(simulation, call);
    return toResponse(emptyAnswer(path, body, 'load', simulation.clock.now()));
  }
  const lines = answerLines(simulation, call);
  return body.stream === false ? joinBatches(lines, joinChunks) : streamBatches(lines);
}

/** Resolves when the model is in memory. */
export async function loadOnly(
  simulation: Simulation,
  { body, model, signal }: Pick<PromptCall, 'body' | 'model' | 'signal'>,
): Promise<void> {
  for await (const _ of askModel(simulation, { body, model, signal, promptTokens: 0, outputTokens: 0 }));
}

async function* answerLines(simulation: Simulation, call: PromptCall): AsyncGenerator<Chunk[], void> {
  const { path, body, model, signal } = call;
  const { has } = simulation;
  const plan = planAnswer({ path, body, model, numCtx: numCtxOf(simulation, model, body), has });
  const { promptTokens, refusal, pieces } = plan;
  const asked = {
    body,
    model,
    signal,
    promptTokens,
    refusal,
    prompt: promptOf(path, body),
    outputTokens: pieces.length,
  };
  let said = 0;
  const linesOf = (told: Told): Chunk[] => {
    const upTo = 'token' in told ? told.token + 1 : pieces.length;
    const lines = pieces.slice(said, upTo).map((piece) => toChunk(call, told.atMs, piece));
    said = upTo;
    if ('timing' in told) lines.push(closeChunk(toChunk(call, told.atMs, {}), toMetrics(plan, call, told.timing)));
    return lines;
  };
  for await (const batch of askModel(simulation, asked)) yield batch.flatMap(linesOf);
}

function toChunk({ path, body }: PromptCall, nowMs: number, { text = '', thinking, tool_calls }: Piece): Chunk {
  const { model = '' } = body;
  if (path === '/api/generate') return generateChunk(model, nowMs, { text, ...(thinking && { thinking }) });
  return chatChunk(model, nowMs, { content: text, ...(thinking && { thinking }), ...(tool_calls && { tool_calls }) });
}

function toMetrics(
  { promptTokens, pieces, done_reason }: AnswerPlan,
  { path, body }: PromptCall,
  { totalMs, loadMs, promptMs, outputMs }: Timing,
): WireMetrics & { context?: number[] } {
  const keepsContext = path === '/api/generate' && !body.raw;
  return {
    done_reason,
    ...(keepsContext && { context: contextTokens }),
    total_duration: toNs(totalMs),
    load_duration: toNs(loadMs),
    prompt_eval_count: promptTokens,
    prompt_eval_duration: toNs(promptMs),
    eval_count: pieces.length,
    eval_duration: toNs(outputMs),
  };
}

/** Real ones are as long as prompt and answer; nobody should send them back. */
const contextTokens = [1, 2, 3, 4, 5, 6, 7, 8];

/** At least one: a zero would not be sent, as if nothing were known. */
export const toNs = (ms: number): number => Math.max(1, Math.round(ms * 1e6));
