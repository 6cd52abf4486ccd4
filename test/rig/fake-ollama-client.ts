import { onTestFinished } from 'vitest';
import type { Clock } from '../../src/host/host.ts';
import type { OllamaClient } from '../../src/ollama/client.ts';
import { createOllamaClient } from '../../src/ollama/ollama-js-client.ts';
import { parseHostAddress } from '../../src/ollama/parse-host.ts';
import { createTransport, type TransportOptions } from '../../src/ollama/transport.ts';

export const realClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

export interface ClientOptions extends Partial<TransportOptions> {
  headers?: Record<string, string>;
}

/** A client as the program has one; its connections are closed when the test ends. */
export function clientOf(address: string, { headers, ...options }: ClientOptions = {}): OllamaClient {
  const transport = createTransport({ clock: realClock, ...options });
  onTestFinished(() => transport.close());
  const parsed = parseHostAddress(address);
  return createOllamaClient({ ...parsed, headers: { ...parsed.headers, ...headers } }, transport);
}

/** A signal that nobody aborts. */
export const calm = (): AbortSignal => new AbortController().signal;

/** All that comes, as a list. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
