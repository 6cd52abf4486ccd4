// In: an app and an address. Out: a server that listens there. Effects: the socket.
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAdaptorServer } from '@hono/node-server';
import { ProblemError } from '../errors/problem.ts';
import type { Clock } from '../host/host.ts';
import type { App } from './create-app.ts';

export interface ListenOptions {
  address: string;
  /** 0: any that is free. */
  port: number;
  clock: Clock;
}

/** A server that listens. */
export interface Listening {
  url: string;
  /** Takes no more requests, and resolves when those that are there were answered, or cut off after some time. */
  close: () => Promise<void>;
}

/** What goes on when the server is to stop may take so long to end. */
const graceMs = 5000;

/** @throws ProblemError `usage-invalid` when the address cannot be had */
export async function listen(app: App, { address, port, clock }: ListenOptions): Promise<Listening> {
  const server = createAdaptorServer({
    fetch: (request, env) => app.fetch(request, clientOf(env.incoming)),
    overrideGlobalObjects: false,
  }) as Server;
  try {
    server.listen(port, address);
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(address, port, error);
  }
  const { address: host, port: actual, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${host}]` : host}:${actual}`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeIdleConnections();
      const cancel = clock.after(graceMs, () => server.closeAllConnections());
      await closed;
      cancel();
    },
  };
}

interface Incoming {
  socket?: { remoteAddress?: string | undefined } | undefined;
  headers: { 'user-agent'?: string | undefined };
}

/** Programs of one machine are told apart by what they call themselves. */
function clientOf({ socket, headers }: Incoming): string {
  return `${socket?.remoteAddress ?? ''} ${headers['user-agent'] ?? ''}`;
}

function cannotListen(address: string, port: number, error: unknown): ProblemError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [reason, hint] = reasons[code] ?? [message, undefined];
  return new ProblemError({ code: 'usage-invalid', message: `cannot listen on ${address}:${port}: ${reason}`, hint });
}

const reasons: Readonly<Record<string, [reason: string, hint: string]>> = {
  EADDRINUSE: ['something else listens there', 'take another port: --port 0 takes any that is free'],
  EADDRNOTAVAIL: ['this machine has no such address', '--listen takes an address of this machine'],
  ENOTFOUND: ['this machine has no such address', '--listen takes an address of this machine'],
  EACCES: ['permission denied', 'ports below 1024 are for administrators'],
};
