import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createBuiltinHandler } from '../../../src/builtin/handler.ts';
import type { AnswerRequest, GgufFacts, LlamaEngine, LoadOptions } from '../../../src/builtin/llama-engine.ts';
import { createModelLibrary } from '../../../src/builtin/model-library.ts';
import { createRunner } from '../../../src/builtin/runner.ts';
import type { Clock } from '../../../src/host/host.ts';

/** An engine without weights: a token is a character, and the answer is what the test says. */
export interface FakeEngine extends LlamaEngine {
  /** Every file that was loaded, with its context length. */
  readonly loads: string[];
  readonly answers: AnswerRequest[];
  /** Models in memory now. */
  readonly inMemory: Set<string>;
}

export type Speak = (request: AnswerRequest) => AsyncIterable<string> | Iterable<string>;

export const facts: GgufFacts = {
  ...{ architecture: 'llama', parameterCount: 134_515_008, quantization: 'Q4_1' },
  ...{ contextLength: 8192, embeddingLength: 576, chatTemplate: '{{ template }}', isEmbeddingOnly: false },
  metadata: { 'general.architecture': 'llama', 'llama.context_length': 8192 },
};

export function fakeEngine(
  speak: Speak,
  { onLoad = () => Promise.resolve(), describe = () => facts }: FakeEngineOptions = {},
): FakeEngine {
  const loads: string[] = [];
  const answers: AnswerRequest[] = [];
  const inMemory = new Set<string>();
  return {
    ...{ loads, answers, inMemory },
    describe: (file) => Promise.resolve(describe(file)),
    close: () => Promise.resolve(),
    async load(file, options) {
      loads.push(`${file.split('/').at(-1) ?? ''} ${options.contextLength}`);
      await onLoad(options);
      inMemory.add(file);
      return {
        sizeBytes: 1000,
        renderChat: (messages) => toTokens(messages.map(({ role, content }) => `<${role}>${content}`).join('')),
        tokenize: toTokens,
        async *answer(request) {
          answers.push(request);
          request.onPromptEvaluated();
          yield* speak(request);
        },
        dispose() {
          inMemory.delete(file);
          return Promise.resolve();
        },
      };
    },
  };
}

export interface FakeEngineOptions {
  onLoad?: (options: LoadOptions) => Promise<void>;
  describe?: (file: string) => GgufFacts;
}

export const toTokens = (text: string): number[] => Array.from(text, (char) => char.codePointAt(0) ?? 0);
export const toText = (tokens: readonly number[]): string => String.fromCodePoint(...tokens);

/** A clock that moves when told. */
export function manualClock(): Clock & { advance: (ms: number) => void } {
  let nowMs = Date.UTC(2026, 0, 1);
  const timers = new Set<{ atMs: number; callback: () => void }>();
  return {
    now: () => nowMs,
    after(delayMs, callback) {
      const timer = { atMs: nowMs + delayMs, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance(ms) {
      nowMs += ms;
      for (const timer of [...timers].filter(({ atMs }) => atMs <= nowMs)) {
        timers.delete(timer);
        timer.callback();
      }
    },
  };
}

/** A directory of model files, which are empty. */
export function modelFiles(...names: string[]): string {
  const directory = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-models-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  for (const name of names) writeFileSync(join(directory, name), '');
  return directory;
}

export type Ask = (
  path: string,
  body?: unknown,
  options?: { method?: string; signal?: AbortSignal },
) => Promise<Response>;

/** The handler over a fake engine, with the models `one` and `two` unless a directory is given. */
export function setUpHandler(
  engine: FakeEngine,
  { clock = manualClock(), directory = modelFiles('one.gguf', 'two.gguf'), random = (): number => 0.5 } = {},
): { ask: Ask; answerOf: (path: string, body: unknown) => Promise<Line[]>; directory: string } {
  const library = createModelLibrary({ directory, cwd: directory, describe: (file) => engine.describe(file) });
  const handle = createBuiltinHandler({ library, runner: createRunner(engine, clock), threads: 1, clock, random });
  const ask: Ask = (path, body, { method = body === undefined ? 'GET' : 'POST', signal } = {}) =>
    handle(
      new Request(`http://127.0.0.1${path}`, {
        method,
        ...(signal && { signal }),
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    );
  const answerOf = async (path: string, body: unknown): Promise<Line[]> => linesOf(await ask(path, body));
  return { ask, answerOf, directory };
}

export interface Line extends Record<string, unknown> {
  response?: string;
  message?: { role: string; content: string };
  error?: string;
}

export async function linesOf(response: Response): Promise<Line[]> {
  const text = await response.text();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}
