import { setTimeout as pause } from 'node:timers/promises';
import type { EmbedResponse } from '../../src/ollama/wire.ts';
import { encodeJson, jsonReply, omitZero } from '../../src/ollama/wire-encode.ts';
import type { Features } from '../../src/ollama/wire-features.ts';
import { fitMessages, promptOf } from '../../src/ollama/wire-prompt.ts';
import { formatErrorText } from '../../src/ollama/wire-refuse.ts';
import type { FakeCall } from './fake-ollama-call.ts';
import { defaultNumCtx, type StoredModel } from './fake-ollama-models.ts';
import { normalize } from '../../src/simulator/text-vector.ts';
import { answerFor, vectorFor } from './fake-ollama-text.ts';

export interface Answering {
  model: StoredModel;
  has: Features;
  /** Pause between two pieces of an answer. */
  pieceMs: number;
  overflow?: Overflow | undefined;
}

export type Overflow = 'refuse' | 'cut' | 'half' | 'drop';

const cutError = 'the input length exceeds the context length';

/** How the server answers a call that no test takes: generate, chat and both ways to embed. */
export async function answerPrompt(call: FakeCall, answering: Answering): Promise<void> {
  if (call.path === '/api/embed' || call.path === '/api/embeddings') return answerEmbed(call, answering);
  const badFormat = formatErrorText(call.request['format']);
  if (badFormat !== undefined) return call.failLate(500, badFormat);
  const { model, has, pieceMs, overflow = 'refuse' } = answering;
  const { thinking, tokens, toolCall, done_reason, promptTokens } = answerFor(
    call.request,
    call.path,
    model.capabilities.includes('thinking'),
  );
  const numCtx = effectiveNumCtx(call, model);
  const isTooLong = promptTokens > numCtx;
  if (isTooLong && overflow === 'refuse' && call.request.truncate === false) return call.failLate(400, cutError);
  for (const [kind, text] of [
    ...thinking.map((t) => ['think', t] as const),
    ...tokens.map((t) => ['send', t] as const),
  ]) {
    if (call.isOver) return;
    await call[kind](text);
    if (pieceMs > 0) await pause(pieceMs);
  }
  if (toolCall) await call.callTool(toolCall.name, toolCall.arguments, has.toolCallIds ? 'call_fake0001' : undefined);
  const eval_count = Math.max(1, thinking.length + tokens.length);
  const keepsContext = call.path === '/api/generate' && !call.request.raw;
  await call.finish({
    done_reason,
    prompt_eval_count: isTooLong ? tokensLeft(call, numCtx, overflow) : promptTokens,
    eval_count,
    ...(keepsContext && { context: Array.from({ length: 8 }, (_, index) => index + 1) }),
  });
}

/** Tokens of a prompt that does not fit which are read all the same. */
function tokensLeft({ request, path }: FakeCall, numCtx: number, overflow: Overflow): number {
  if (overflow === 'half') return numCtx - Math.floor((numCtx - 4) / 2);
  if (overflow !== 'drop' || path !== '/api/chat') return numCtx;
  const count = (messages: Message[]): number => Math.ceil(promptOf(path, { ...request, messages }).length / 4);
  const kept = fitMessages(request.messages ?? [], (messages) => count(messages) <= numCtx);
  return Math.min(count(kept), numCtx);
}

type Message = NonNullable<FakeCall['request']['messages']>[number];

/** The context a request gets: its own wish or the server's default, never more than the model was trained for. */
export function effectiveNumCtx(call: { request: FakeCall['request'] }, model: StoredModel): number {
  const wish = call.request.options?.['num_ctx'];
  return Math.min(typeof wish === 'number' ? wish : defaultNumCtx, model.context_length);
}

async function answerEmbed(call: FakeCall, { model, has }: Answering): Promise<void> {
  if (has.strictEmbed && !model.capabilities.includes('embedding'))
    return call.fail(501, 'This server does not support embeddings. Start it with `--embeddings`');
  const { request } = call;
  const numCtx = effectiveNumCtx(call, model);
  const vectorOf = (text: string) => vectorFor(model.name, text, model.embedding_length);
  if (call.path === '/api/embeddings') {
    const embedding = request.prompt ? vectorOf(request.prompt) : [];
    return call.reply(jsonReply({ embedding }));
  }
  const texts = [(request['input'] ?? []) as string | string[]].flat();
  const inputs = request['input'] === '' ? [] : texts;
  if (request.truncate === false && inputs.some((text) => text.length / 4 > numCtx)) return call.fail(400, cutError);
  const body: EmbedResponse = {
    model: request.model ?? '',
    embeddings: inputs.map((text) => shorten(vectorOf(text), request.dimensions)),
    ...(inputs.length > 0 && omitZero({ total_duration: 20_000_000, load_duration: 1000 })),
    ...(inputs.length > 0 && {
      prompt_eval_count: inputs.reduce((sum, text) => sum + 2 + Math.ceil(text.length / 4), 0),
    }),
  };
  return call.reply({ ...jsonReply({}), body: encodeJson(body) });
}

function shorten(vector: number[], dimensions = 0): number[] {
  return dimensions > 0 && dimensions < vector.length ? normalize(vector.slice(0, dimensions)) : vector;
}

/** A pull: two layers, one of them with a step back as after a part's retry, one already there. */
export async function answerPull(call: FakeCall, install: (name: string) => boolean): Promise<void> {
  const name = call.request.model ?? (call.request['name'] as string | undefined) ?? '';
  if (call.request.stream === false) {
    const isThere = install(name);
    return isThere ? call.reply(jsonReply({ status: 'success' })) : call.fail(500, noManifest);
  }
  await call.sendLine({ status: 'pulling manifest' });
  if (!install(name)) return call.errorLine(noManifest);
  const layer = { status: 'pulling aabbccddeeff', digest: `sha256:aabbccddeeff${'0'.repeat(52)}`, total: 1000 };
  await call.sendLine(layer);
  for (const completed of [600, 400, 1000]) await call.sendLine({ ...layer, completed });
  const cached = { status: 'pulling 112233445566', digest: `sha256:112233445566${'0'.repeat(52)}`, total: 70 };
  await call.sendLine({ ...cached, completed: 70 });
  for (const status of ['verifying sha256 digest', 'writing manifest', 'success']) await call.sendLine({ status });
  await call.endWithoutDone();
}

const noManifest = 'pull model manifest: file does not exist';
