import { wireFigures, type ChatChunk, type GenerateChunk, type WireMessage, type WireMetrics } from './wire.ts';

/** Content types as a server sends them; `late` is for an error in place of the first line of a stream. */
export const contentTypes = {
  json: 'application/json; charset=utf-8',
  late: 'application/json',
  ndjson: 'application/x-ndjson',
  text: 'text/plain; charset=utf-8',
  plain: 'text/plain',
} as const;

/** A whole answer that is no stream. Without a content type the body is empty, as after a refused `Host` or `Origin`. */
export interface WireReply {
  status: number;
  type?: string | undefined;
  body: string;
}

/** JSON as Go writes it: safe inside HTML, and in JavaScript source. */
export function encodeJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** One line of a stream, with its newline; the last line has one too. */
export function encodeLine(value: unknown): string {
  return `${encodeJson(value)}\n`;
}

export function jsonReply(value: unknown, status = 200): WireReply {
  return { status, type: contentTypes.json, body: encodeJson(value) };
}

/** `{"error": text}`; a 401 for a cloud model adds `signin_url`. */
export function errorReply(status: number, text: string, extra?: { signin_url: string }): WireReply {
  return jsonReply({ error: text, ...extra }, status);
}

/** An error that was found after loading, when the type of a stream had been chosen. */
export function lateErrorReply(status: number, text: string): WireReply {
  return { ...errorReply(status, text), type: contentTypes.late };
}

/** What every server says about a path, or a method, that it does not have. */
export const plainReplies = {
  unknownPath: { status: 404, type: contentTypes.plain, body: '404 page not found' },
  wrongMethod: { status: 405, type: contentTypes.plain, body: '405 method not allowed' },
  foreign: { status: 403, body: '' },
  running: { status: 200, type: contentTypes.text, body: 'Ollama is running' },
} as const satisfies Record<string, WireReply>;

/** A line of `/api/generate`: not the last one. */
export function generateChunk(model: string, nowMs: number, part: { text?: string; thinking?: string }): GenerateChunk {
  const { text = '', thinking } = part;
  return { model, created_at: toTimestamp(nowMs), response: text, ...(thinking && { thinking }), done: false };
}

/** A line of `/api/chat`: not the last one. */
export function chatChunk(model: string, nowMs: number, part: Partial<WireMessage>): ChatChunk {
  const message = { role: 'assistant', content: '', ...part };
  return { model, created_at: toTimestamp(nowMs), message, done: false };
}

/** Turns a line into the closing one. Key order and left-out zeros are those of the server. */
export function closeChunk<C extends GenerateChunk | ChatChunk>(
  chunk: C,
  metrics: WireMetrics & { context?: number[] },
): C {
  const { done_reason, context, ...numbers } = metrics;
  return {
    ...chunk,
    done: true,
    ...(done_reason && { done_reason }),
    ...(context && { context }),
    ...omitZero(numbers),
  };
}

/** RFC 3339 in UTC, as in `created_at`. */
export function toTimestamp(nowMs: number): string {
  return new Date(nowMs).toISOString();
}

/** Numbers that are zero are not sent. */
export function omitZero(metrics: WireMetrics): WireMetrics {
  return Object.fromEntries(wireFigures.filter((key) => metrics[key]).map((key) => [key, metrics[key]]));
}
