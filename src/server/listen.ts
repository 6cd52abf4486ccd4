// In: an app and an address. Out: a server that listens there. Effects: the socket.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerOptions, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import { cannotListen } from '../errors/cannot-listen.ts';
import type { Clock } from '../host/host.ts';
import { listeningAddress } from '../lib/listening-address.ts';
import { closeGently } from './close-gently.ts';
import type { App } from './create-app.ts';
import { notUnderstood, refuseMalformed } from './refuse-malformed.ts';
import { problemResponse } from './respond.ts';
import { secured } from './secured.ts';
import { trackConnections } from './track-connections.ts';

export interface ListenOptions {
  address: string;
  /** 0: any that is free. */
  port: number;
  clock: Clock;
  limits?: Partial<SocketLimits> | undefined;
}

/** What a client may take before it has said what it wants. */
export interface SocketLimits {
  /** Connections at once; more are closed as they come. */
  connections: number;
  /** Time for the headers of a request. */
  headersMs: number;
  /** Time for all of a request. Its answer may take as long as it wants. */
  requestMs: number;
}

const defaultSocketLimits: SocketLimits = { connections: 4096, headersMs: 15_000, requestMs: 300_000 };

/** A server that listens. */
export interface Listening {
  url: string;
  /** Takes no more requests, and resolves when those that are there were answered, or cut off after some time. */
  close: () => Promise<void>;
}

/** What goes on when the server is to stop may take so long to end. */
const graceMs = 5000;

/** @throws ProblemError `usage-invalid` when the address cannot be had */
export async function listen(app: App, { address, port, clock, limits }: ListenOptions): Promise<Listening> {
  const server = createServer(toServerOptions({ ...defaultSocketLimits, ...limits }), toListener(app));
  server.maxConnections = limits?.connections ?? defaultSocketLimits.connections;
  const closeIdle = trackConnections(server);
  closeGently(server, clock);
  refuseMalformed(server, app.noteRefused);
  try {
    server.listen(port, address);
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(address, port, error);
  }
  return {
    url: listeningAddress(server).url,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      closeIdle();
      const cancel = clock.after(graceMs, () => server.closeAllConnections());
      await closed;
      cancel();
    },
  };
}

function toServerOptions({ headersMs, requestMs }: SocketLimits): ServerOptions {
  const connectionsCheckingInterval = Math.ceil(Math.min(headersMs, requestMs) / 5);
  return { headersTimeout: headersMs, requestTimeout: requestMs, connectionsCheckingInterval };
}

function toListener(app: App): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const listener = getRequestListener(
    async (request, env) => {
      const { incoming, outgoing } = env as { incoming: IncomingMessage; outgoing: ServerResponse };
      const response = await app.fetch(request, clientOf(incoming), () => outgoing.destroy());
      // Nobody reads the rest of the body, and the next request could only come behind it.
      if (response.status >= 400 && !incoming.complete) outgoing.shouldKeepAlive = false;
      return response;
    },
    { overrideGlobalObjects: false, errorHandler: (error) => refuse(error, app) },
  );
  return (incoming, outgoing) => void listener(incoming, outgoing);
}

/** No or a wrong `Host`, or a path that is none. */
function refuse(error: unknown, { noteRefused }: App): Response {
  const response = secured(problemResponse(notUnderstood(error instanceof Error ? error.message : String(error))));
  noteRefused(response.status);
  return response;
}

/** Programs of one machine are told apart by what they call themselves. */
function clientOf({ socket, headers }: IncomingMessage): string {
  return `${socket.remoteAddress ?? ''} ${headers['user-agent'] ?? ''}`;
}
