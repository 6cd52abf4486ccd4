import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { isEmptyPrompt } from '../../src/ollama/wire-prompt.ts';
import type { WireRequest } from '../../src/ollama/wire-refuse.ts';
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

export function isPrompt({ path, body }: Pick<RequestLog, 'path' | 'body'>): boolean {
  const isAboutModel = promptPaths.includes(path) && path !== '/api/pull' && typeof body.model === 'string';
  return isAboutModel && !isEmptyPrompt(path, body);
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
