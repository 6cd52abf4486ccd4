// In: events, some at a time. Out: the body of an answer. A reader that does not read is not written for.
import { encodeEvent } from '../events/encode.ts';
import type { RunEvent } from '../events/event.ts';

/** How events are written. */
export interface EventFormat {
  contentType: string;
  encode: (event: RunEvent) => string;
  /** Said when nothing happens, so that the connection is not taken for dead. */
  heartbeat: string;
}

/** One JSON object per line, as Ollama streams. */
export const ndjson: EventFormat = { contentType: 'application/x-ndjson', encode: encodeEvent, heartbeat: '' };

/** Server-sent events; the id of a durable one is its number, so that a reader that comes back says where it was. */
export const sse: EventFormat = {
  contentType: 'text/event-stream; charset=utf-8',
  encode: (event) => `${'seq' in event ? `id: ${event.seq}\n` : ''}data: ${encodeEvent(event)}\n`,
  heartbeat: ':\n\n',
};

/** The format a request wants; undefined when it asks for no events. */
export function formatOf(request: Request, isStream: boolean | undefined): EventFormat | undefined {
  const accepts = request.headers.get('accept') ?? '';
  if (/\btext\/event-stream\b/i.test(accepts)) return sse;
  return isStream === true ? ndjson : undefined;
}

/**
 * An answer that ends with the events.
 * @param follow gives the events until its signal is aborted
 * @param onGone called when the reader has gone before the end
 */
export function eventResponse(
  follow: (signal: AbortSignal) => AsyncGenerator<RunEvent[], void>,
  { contentType, encode, heartbeat }: EventFormat,
  onGone: () => void = () => undefined,
): Response {
  const reading = new AbortController();
  const batches = follow(reading.signal);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        for (let text = ''; text === '';) {
          const { done, value } = await batches.next();
          if (done === true) return controller.close();
          text = value.length === 0 ? heartbeat : value.map(encode).join('');
          if (text !== '') controller.enqueue(encoder.encode(text));
        }
      },
      cancel: () => {
        reading.abort();
        onGone();
      },
    },
    { highWaterMark: 0 },
  );
  const headers = { 'content-type': contentType, 'x-accel-buffering': 'no' };
  return new Response(body, { headers });
}
