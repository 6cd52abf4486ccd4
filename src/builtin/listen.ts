import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { errorReply } from '../ollama/wire-encode.ts';
import { toResponse } from '../ollama/wire-respond.ts';

export interface Listening {
  port: number;
  /** Hangs up on everyone and frees the port. */
  close(): Promise<void>;
}

type Handler = (request: Request) => Promise<Response>;

/** Serves a handler on a random port of loopback to whoever knows the token. */
export async function listenOnLoopback(handler: Handler, token: string): Promise<Listening> {
  const server = createServer((incoming, outgoing) => {
    void answer(requireToken(handler, token), incoming, outgoing);
  });
  // An answer may take longer than Node's five minutes to begin.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  await new Promise<void>((listening, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', listening);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((closed) => {
        server.close(() => closed());
        server.closeAllConnections();
      }),
  };
}

function requireToken(handler: Handler, token: string): Handler {
  return async (request) => {
    const isKnown = request.headers.get('authorization') === `Bearer ${token}`;
    return isKnown ? handler(request) : toResponse(errorReply(401, 'unauthorized'));
  };
}

async function answer(handler: Handler, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const hungUp = new AbortController();
  outgoing.once('close', () => {
    if (!outgoing.writableFinished) hungUp.abort(new Error('the client hung up'));
  });
  try {
    const response = await handler(toRequest(incoming, hungUp.signal));
    outgoing.writeHead(response.status, Object.fromEntries(response.headers));
    if (response.body) await pipeline(Readable.fromWeb(response.body as never), outgoing);
    else outgoing.end();
  } catch {
    outgoing.destroy();
  }
}

function toRequest(incoming: IncomingMessage, signal: AbortSignal): Request {
  const { method = 'GET', url = '/', headers } = incoming;
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(new URL(url, 'http://127.0.0.1'), {
    method,
    signal,
    headers: Object.entries(headers).map(([name, value]) => [name, String(value)]),
    ...(hasBody && { body: Readable.toWeb(incoming), duplex: 'half' }),
  });
}
