import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { RawAnswer } from './answer.ts';

/** What answers requests in this very process, without a port. */
export type RequestHandler = (request: Request) => Promise<Response>;

/** Asks a handler as if it were a server. Rejects with the reason of the signal once that is aborted. */
export async function askHandler(
  handler: RequestHandler,
  url: URL,
  { method, headers, body, signal }: RequestInit & { signal: AbortSignal },
): Promise<RawAnswer> {
  const request = new Request(url, { method: method ?? 'GET', headers: headers ?? {}, body: body ?? null, signal });
  const response = await handler(request);
  signal.throwIfAborted();
  const stream = response.body as ReadableStream<Uint8Array> | null;
  return {
    statusCode: response.status,
    headers: Object.fromEntries(response.headers),
    // The request is held as long as its answer is read: its signal is aborted only as long as something holds it.
    body: stream ? Object.assign(Readable.fromWeb(stream), { request }) : Readable.from([]),
  };
}
