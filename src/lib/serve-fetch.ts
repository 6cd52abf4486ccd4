import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listeningAddress } from './listening-address.ts';

/** From a request to its answer, as in service workers. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** A server that listens. */
export interface FetchServer {
  url: string;
  port: number;
  /** Hangs up on everyone and frees the port. */
  close(): Promise<void>;
}

/**
 * Serves a handler over HTTP. Its request is aborted when the client hangs up, and an answer that breaks off ends the
 * connection. Rejects when it cannot listen there.
 */
export async function serveFetch(
  handler: FetchHandler,
  { address, port }: { address: string; port: number },
): Promise<FetchServer> {
  const server = createServer((incoming, outgoing) => void answer(handler, incoming, outgoing));
  // An answer may take longer than Node's five minutes to begin.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.listen(port, address);
  await once(server, 'listening');
  return {
    ...listeningAddress(server),
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

async function answer(handler: FetchHandler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const hungUp = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) hungUp.abort(new Error('the client hung up'));
  });
  try {
    const request = toRequest(incoming, await readBody(incoming), hungUp.signal);
    await send(await handler(request), outgoing, hungUp.signal);
  } catch {
    outgoing.destroy();
  }
}

async function readBody(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Uint8Array);
  return Buffer.concat(chunks);
}

function toRequest(
  { method = 'GET', url = '/', headers }: IncomingMessage,
  body: Uint8Array,
  signal: AbortSignal,
): Request {
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(new URL(url, 'http://127.0.0.1'), {
    method,
    signal,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
    ...(hasBody && { body: body as Uint8Array<ArrayBuffer> }),
  });
}

/** No faster than the client reads. */
async function send(response: Response, outgoing: ServerResponse, signal: AbortSignal): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  const reader = response.body?.getReader() as ReadableStreamDefaultReader<Uint8Array> | undefined;
  if (!reader) return void outgoing.end();
  const cancel = (): void => void reader.cancel().catch(() => undefined);
  if (signal.aborted) cancel();
  signal.addEventListener('abort', cancel, { once: true });
  for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
    if (!outgoing.write(value)) await once(outgoing, 'drain', { signal });
  }
  outgoing.end();
}
