// in: a checked request to generate or chat; out: the stream of its answer
import type { ChatChunk, Format, GenerateChunk, WireMetrics } from '../ollama/wire.ts';
import { chatChunk, closeChunk, errorReply, generateChunk, lateErrorReply } from '../ollama/wire-encode.ts';
import { emptyAnswer, fitMessages, imagesOf, isEmptyPrompt, joinChunks } from '../ollama/wire-prompt.ts';
import { formatErrorText, refuseByCapability, refuseOptions, type WireRequest } from '../ollama/wire-refuse.ts';
import { readAnswerOptions, type AnswerOptions } from './answer-options.ts';
import { capabilitiesOf } from './describe-models.ts';
import { fitTokens } from './fit-prompt.ts';
import type { BuiltinDependencies } from './builtin-dependencies.ts';
import { toGrammarFormat } from './grammar-format.ts';
import { readKeepAliveMs } from '../ollama/wire-keep-alive.ts';
import type { ChatMessage, LlamaModel } from './llama-engine.ts';
import type { BuiltinModel } from './model-library.ts';
import { joinLines, Refusal, streamLines, toFailure, toResponse } from '../ollama/wire-respond.ts';
import type { Loan } from './runner.ts';
import { createStopScanner } from '../lib/stop-strings.ts';

interface PromptRequest {
  path: '/api/generate' | '/api/chat';
  body: WireRequest;
  model: BuiltinModel;
  /** When the request came in. */
  startedAtMs: number;
  /** Its signal is aborted when the client hangs up, but only as long as something holds the request itself. */
  request: Request;
}

type Chunk = GenerateChunk | ChatChunk;

/** Answers a prompt, or loads or unloads the model when there is none. */
export async function answerPrompt(dependencies: BuiltinDependencies, asked: PromptRequest): Promise<Response> {
  const { path, body, model } = asked;
  if (isEmptyPrompt(path, body) && readKeepAliveMs(body.keep_alive) === 0) {
    dependencies.runner.unload(model);
    return closed(dependencies, asked, 'unload');
  }
  const refusal =
    refuseByCapability(path, body, capabilitiesOf(model)) ?? refuseImages(body) ?? refuseOptions(body.options);
  if (refusal) return toResponse(refusal);
  try {
    if (isEmptyPrompt(path, body)) return await loadOnly(dependencies, asked);
    const lines = answerLines(dependencies, asked);
    return await (body.stream === false ? joinLines(lines, joinChunks) : streamLines(lines));
  } catch (error) {
    return toFailure(error, asked.request.signal);
  }
}

/** Servers ignore an image that the model cannot see; here it is said. */
function refuseImages(body: WireRequest): ReturnType<typeof refuseOptions> {
  return imagesOf(body).length > 0 ? errorReply(400, `"${body.model ?? ''}" does not support vision`) : undefined;
}

async function loadOnly(dependencies: BuiltinDependencies, asked: PromptRequest): Promise<Response> {
  const loan = await borrow(dependencies, asked, readOptions(dependencies, asked));
  loan.release();
  return closed(dependencies, asked, 'load');
}

function closed({ clock }: BuiltinDependencies, { path, body }: PromptRequest, reason: 'load' | 'unload'): Response {
  return toResponse(emptyAnswer(path, body, reason, clock.now()));
}

async function* answerLines(dependencies: BuiltinDependencies, asked: PromptRequest): AsyncGenerator<Chunk, void> {
  const { clock } = dependencies;
  const options = readOptions(dependencies, asked);
  const loan = await borrow(dependencies, asked, options);
  try {
    const format = readFormat(asked.body);
    const prompt = toPrompt(asked, loan.llama, options);
    const answer: Answer = { count: 0, reason: 'stop', promptStartedAtMs: clock.now(), evaluatedAtMs: clock.now() };
    const pieces = loan.llama.answer({
      prompt,
      sampling: options.sampling,
      format,
      signal: asked.request.signal,
      onPromptEvaluated: () => (answer.evaluatedAtMs = clock.now()),
    });
    for await (const text of speak(pieces, options, prompt.length, answer)) yield toChunk(asked, clock.now(), text);
    const metrics = measure(answer, { asked, loan, nowMs: clock.now(), promptCount: prompt.length });
    yield closeChunk(toChunk(asked, clock.now(), ''), metrics);
  } finally {
    loan.release();
  }
}

/** What is known of an answer while it is made. */
interface Answer {
  count: number;
  reason: 'stop' | 'length';
  promptStartedAtMs: number;
  evaluatedAtMs: number;
}

/** The text of the answer up to a stop string, its end or its limit. */
async function* speak(
  pieces: AsyncIterable<string>,
  { stop, limit, contextLength, shifts }: AnswerOptions,
  promptCount: number,
  answer: Answer,
): AsyncGenerator<string, void> {
  const scanner = createStopScanner(stop);
  const most = shifts ? limit : Math.min(limit, Math.max(1, contextLength - promptCount));
  for await (const piece of pieces) {
    answer.count += 1;
    const { text, isStopped } = scanner.push(piece);
    if (text !== '') yield text;
    if (isStopped) return;
    if (answer.count < most) continue;
    answer.reason = 'length';
    break;
  }
  const rest = scanner.flush();
  if (rest !== '') yield rest;
}

function measure(
  answer: Answer,
  { asked, loan, nowMs, promptCount }: { asked: PromptRequest; loan: Loan; nowMs: number; promptCount: number },
): WireMetrics {
  return {
    done_reason: answer.reason,
    total_duration: toNs(nowMs - asked.startedAtMs),
    load_duration: toNs(loan.loadMs),
    prompt_eval_count: promptCount,
    prompt_eval_duration: toNs(answer.evaluatedAtMs - answer.promptStartedAtMs),
    eval_count: answer.count,
    eval_duration: toNs(nowMs - answer.evaluatedAtMs),
  };
}

const toNs = (ms: number): number => Math.round(ms * 1e6);

function readOptions({ threads, random }: BuiltinDependencies, { body, model }: PromptRequest): AnswerOptions {
  return readAnswerOptions(body, { trainedContext: model.facts.contextLength, threads, random });
}

function borrow({ runner }: BuiltinDependencies, asked: PromptRequest, options: AnswerOptions): Promise<Loan> {
  const { contextLength, threads } = options;
  const keepAliveMs = readKeepAliveMs(asked.body.keep_alive);
  return runner.borrow({ model: asked.model, contextLength, threads, keepAliveMs }, asked.request.signal);
}

/** As on a server, looked at once the model is loaded. */
function readFormat(body: WireRequest): Format | undefined {
  const wrong = formatErrorText(body['format']);
  if (wrong !== undefined) throw new Refusal(lateErrorReply(500, wrong));
  const { format, problem } = toGrammarFormat((body['format'] || undefined) as Format | undefined);
  if (problem !== undefined) throw new Refusal(errorReply(400, problem));
  return format;
}

function toPrompt({ path, body }: PromptRequest, llama: LlamaModel, options: AnswerOptions): readonly number[] {
  const { contextLength: limit, keep } = options;
  const messages = path === '/api/chat' ? toMessages(body) : toConversation(body);
  const whole = body.raw ? llama.tokenize(body.prompt ?? '') : llama.renderChat(messages);
  if (whole.length > limit && body.truncate === false)
    throw new Refusal(lateErrorReply(400, 'the input length exceeds the context length'));
  const fits = (kept: ChatMessage[]): boolean => llama.renderChat(kept).length <= limit;
  return fitTokens(body.raw ? whole : llama.renderChat(fitMessages(messages, fits)), limit, keep);
}

const toMessages = ({ messages = [] }: WireRequest): ChatMessage[] =>
  messages.map(({ role, content = '' }) => ({ role, content }));

function toConversation({ prompt = '', system }: WireRequest): ChatMessage[] {
  return [...(system ? [{ role: 'system', content: system }] : []), { role: 'user', content: prompt }];
}

function toChunk({ path, body }: PromptRequest, nowMs: number, text: string): Chunk {
  const model = body.model ?? '';
  return path === '/api/chat' ? chatChunk(model, nowMs, { content: text }) : generateChunk(model, nowMs, { text });
}
