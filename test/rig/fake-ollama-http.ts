import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { jsonReply, toTimestamp, type WireReply } from '../../src/ollama/wire-encode.ts';
import type { BodyEndpoint, WireRequest } from '../../src/ollama/wire-refuse.ts';
import { promptPaths } from './fake-ollama-desk.ts';

/** One request as the server saw it. */
export interface RequestLog {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  /** Tells connections apart. */
  clientPort: number;
  text: string;
  /** The parsed body; an empty object when there is none. */
  body: WireRequest;
  /** Places in one count of all openings and closings. */
  opened: number;
  closed?: number;
  outcome: 'open' | 'answered' | 'client-closed';
  status?: number;
}

export function methodOf(path: string): string {
  return path === '/api/delete' ? 'DELETE' : 'POST';
}

export function isPrompt({ path, body }: Pick<RequestLog, 'path' | 'body'>): boolean {
  const isAboutModel = promptPaths.includes(path) && path !== '/api/pull' && typeof body.model === 'string';
  return isAboutModel && !isEmpty(path, body);
}

/** Nothing to say: a request to load or unload. */
export function isEmpty(path: string, request: WireRequest): boolean {
  if (path === '/api/chat') return !request.messages?.length;
  if (path !== '/api/embed') return !request.prompt;
  const input = request['input'];
  return !input || (Array.isArray(input) && input.length === 0);
}

export function emptyAnswer(path: BodyEndpoint, request: WireRequest, done_reason: 'load' | 'unload'): WireReply {
  const { model } = request;
  if (path === '/api/embed') return jsonReply({ model, embeddings: [] });
  if (path === '/api/embeddings') return jsonReply({ embedding: [] });
  const text = path === '/api/chat' ? { message: { role: 'assistant', content: '' } } : { response: '' };
  return jsonReply({ model, created_at: toTimestamp(Date.now()), ...text, done: true, done_reason });
}

/** A server on loopback answers no page of another site, and no name that is not its own. */
export function isForeign({ host = '', origin }: IncomingHttpHeaders): boolean {
  const name = host.replace(/:\d+$/, '').toLowerCase();
  const isOwn = name === '' || name === 'localhost' || /^[\d.]+$|^\[|\.(?:localhost|local|internal)$/.test(name);
  const isFriendly =
    origin === undefined || /^(?:https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?|app:.*)$/.test(origin);
  return !isOwn || !isFriendly;
}

export async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString();
}

export function parseOrEmpty(text: string): WireRequest {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as WireRequest) : {};
  } catch {
    return {};
  }
}
