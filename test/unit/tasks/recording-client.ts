import { onTestFinished } from 'vitest';
import type { OllamaClient } from '../../../src/ollama/client.ts';
import type { ChatChunk, EmbedResponse, GenerateChunk } from '../../../src/ollama/wire.ts';
import type { TaskContext } from '../../../src/tasks/define-task.ts';

/** What a server is to answer, one list or vector set per request. */
export interface Answers {
  generate?: Partial<GenerateChunk>[][];
  chat?: Partial<ChatChunk>[][];
  embed?: EmbedResponse[];
}

/** A task context whose server gives the answers, in their order, and keeps what it was asked. */
export function recordingContext(answers: Answers): TaskContext & { requests: unknown[]; deltas: unknown[] } {
  const requests: unknown[] = [];
  const deltas: unknown[] = [];
  const left = {
    generate: [...(answers.generate ?? [])],
    chat: [...(answers.chat ?? [])],
    embed: [...(answers.embed ?? [])],
  };
  const stream = async function* <C>(request: unknown, chunks: Partial<C>[] | undefined): AsyncGenerator<C> {
    requests.push(request);
    for (const chunk of chunks ?? []) yield await Promise.resolve(chunk as C);
  };
  const client: Partial<OllamaClient> = {
    host: 'http://127.0.0.1:11434',
    generate: (request) => stream<GenerateChunk>(request, left.generate.shift()),
    chat: (request) => stream<ChatChunk>(request, left.chat.shift()),
    embed: (request) => {
      requests.push(request);
      return Promise.resolve(left.embed.shift() ?? { model: 'm', embeddings: [] });
    },
  };
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  return {
    client: client as OllamaClient,
    model: 'm',
    signal: controller.signal,
    onDelta: (channel, text) => void deltas.push([channel, text]),
    onDroppedLine: () => undefined,
    requests,
    deltas,
  };
}
