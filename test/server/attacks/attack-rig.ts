import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import type { SocketLimits } from '../../../src/server/listen.ts';
import { startFakeOllama, type FakeOllama } from '../../rig/fake-ollama.ts';
import { listening, serverRig, withTester, type ServerOptions, type ServerRig } from '../server-rig.ts';

/** A server on a socket, with an Ollama server behind it and one agent, `tester`. */
export interface Target extends ServerRig {
  fake: FakeOllama;
  url: string;
  port: number;
  /** What came back for these bytes until the server closed the connection. */
  raw: (...pieces: (string | Uint8Array)[]) => Promise<RawAnswer>;
  /** A connection to do with as one likes. */
  open: () => Promise<Socket>;
}

export interface RawAnswer {
  /** Of each answer. */
  statuses: number[];
  text: string;
}

export interface TargetOptions extends ServerOptions {
  sockets?: Partial<SocketLimits>;
}

/** The token of {@link guarded} targets. */
export const secret = 'c0rrect-h0rse-battery-staple';

/** Attacks a server, and holds it to what it had before: its agents, its runs, and what the Ollama server has seen. */
export async function attack(
  act: (target: Target) => Promise<void>,
  { sockets, ...options }: TargetOptions = {},
): Promise<void> {
  await using fake = await startFakeOllama();
  const rig = await withTester(serverRig({ fake, ...options }));
  const url = await listening(rig, sockets);
  const opened = new Set<Socket>();
  onTestFinished(() => {
    for (const socket of opened) socket.destroy();
  });
  const port = Number(new URL(url).port);
  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => undefined);
    opened.add(socket);
    await once(socket, 'connect');
    return socket;
  };
  const target: Target = { ...rig, fake, url, port, open, raw: async (...pieces) => exchange(await open(), pieces) };
  const before = stateOf(target);
  await act(target);
  expect(stateOf(target)).toEqual(before);
  expect(await rig.orchestrator.runs.list({})).toEqual([]);
  expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(prototypeNames);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
  expect(rig.host.stderr).not.toMatch(/\n\s+at |c0rrect-h0rse/);
}

const prototypeNames = Object.getOwnPropertyNames(Object.prototype);

function stateOf({ host, fake }: Target): { agents: Record<string, string>; requests: number } {
  const names = readdirSync(host.home, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.json'));
  const agents = Object.fromEntries(names.map((name) => [name, readFileSync(join(host.home, name), 'utf8')]));
  expect(names).toHaveLength(1);
  return { agents, requests: fake.requests.length };
}

async function exchange(socket: Socket, pieces: readonly (string | Uint8Array)[]): Promise<RawAnswer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const closed = once(socket, 'close');
  for (const piece of pieces) socket.write(piece);
  await closed;
  const text = Buffer.concat(chunks).toString('latin1');
  return { statuses: [...text.matchAll(/^HTTP\/1\.1 (\d{3}) /gm)].map(([, status]) => Number(status)), text };
}

/** A request as text, with its `Host`, closed at its end. */
export function requestText(
  { port }: Pick<Target, 'port'>,
  start: string,
  headers: readonly string[] = [],
  body = '',
): string {
  const length = body === '' ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const host = headers.some((header) => /^host:/i.test(header)) ? [] : [`Host: 127.0.0.1:${port}`];
  return [`${start} HTTP/1.1`, ...host, 'Connection: close', ...length, ...headers, '', body].join('\r\n');
}

/** An agent that must not come to be. */
export const intruder = JSON.stringify({ name: 'intruder', models: ['llama3.2'] });

/** A request that would take the agent away. */
export const deletion = 'DELETE /api/orchestration/agents/tester';
