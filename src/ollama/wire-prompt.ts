// What requests to generate, chat and embed have in common for whoever answers them.
import type { ChatChunk, EmbedResponse, GenerateChunk } from './wire.ts';
import { chatChunk, closeChunk, generateChunk, jsonReply, type WireReply } from './wire-encode.ts';
import type { WireRequest } from './wire-refuse.ts';

/** The endpoints that a model answers. */
export type PromptEndpoint = '/api/generate' | '/api/chat' | '/api/embed' | '/api/embeddings';

export const isPromptEndpoint = (path: string): path is PromptEndpoint =>
  ['/api/generate', '/api/chat', '/api/embed', '/api/embeddings'].includes(path);

/** Nothing to say: a request to load or unload. */
export function isEmptyPrompt(path: string, request: WireRequest): boolean {
  if (path === '/api/chat') return !request.messages?.length;
  if (path !== '/api/embed') return !request.prompt;
  const input = request['input'];
  return !input || (Array.isArray(input) && input.length === 0);
}

/** The answer to a request without a prompt, once the model was loaded or told to go. */
export function emptyAnswer(
  path: string,
  { model = '' }: WireRequest,
  done_reason: 'load' | 'unload',
  nowMs: number,
): WireReply {
  if (path === '/api/embed') return jsonReply({ model, embeddings: [] } satisfies EmbedResponse);
  if (path === '/api/embeddings') return jsonReply({ embedding: [] });
  const chunk = path === '/api/chat' ? chatChunk(model, nowMs, {}) : generateChunk(model, nowMs, {});
  return jsonReply(closeChunk<GenerateChunk | ChatChunk>(chunk, { done_reason }));
}

/** Everything the model reads, as one text. */
export function promptOf(path: string, request: WireRequest): string {
  if (path !== '/api/chat') return [request.system, request.prompt].filter(Boolean).join('\n');
  return (request.messages ?? []).map(({ content }) => content ?? '').join('\n');
}

/** Images anywhere in a request. */
export function imagesOf({ images = [], messages = [] }: WireRequest): string[] {
  return [...images, ...messages.flatMap((message) => message.images ?? [])];
}

/**
 * The longest end of a conversation that fits: the oldest messages are dropped first, system messages and the last
 * message never. What remains may still be too long.
 */
export function fitMessages<M extends { role: string }>(messages: readonly M[], fits: (kept: M[]) => boolean): M[] {
  let kept = [...messages];
  while (!fits(kept)) {
    const oldest = kept.findIndex((message, at) => message.role !== 'system' && at < kept.length - 1);
    if (oldest < 0) return kept;
    kept = kept.toSpliced(oldest, 1);
  }
  return kept;
}

/** A stream's lines as the one object of `stream: false`. */
export function joinChunks<C extends GenerateChunk | ChatChunk>(chunks: readonly C[]): C | undefined {
  const last = chunks.at(-1);
  if (!last) return undefined;
  const joined = (partOf: (chunk: C) => string | undefined): string =>
    chunks.map((chunk) => partOf(chunk) ?? '').join('');
  if (!('message' in last)) {
    const thinking = joined((chunk) => (chunk as GenerateChunk).thinking);
    const response = joined((chunk) => (chunk as GenerateChunk).response);
    return { ...last, response, ...(thinking && { thinking }) };
  }
  const tool_calls = chunks.flatMap((chunk) => (chunk as ChatChunk).message.tool_calls ?? []);
  const thinking = joined((chunk) => (chunk as ChatChunk).message.thinking);
  const content = joined((chunk) => (chunk as ChatChunk).message.content);
  const said = { content, ...(thinking && { thinking }), ...(tool_calls.length > 0 && { tool_calls }) };
  return { ...last, message: { ...last.message, ...said } };
}
