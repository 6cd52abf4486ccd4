import { contentTypes, encodeLine, jsonReply, lateErrorReply, type WireReply } from './wire-encode.ts';

/** A whole answer; the answer to HEAD has no body. */
export function toResponse({ status, type, body }: WireReply, method = 'GET'): Response {
  const headers = {
    ...(type && { 'content-type': type }),
    // Servers give errors that they find late no length.
    ...(type !== contentTypes.late && { 'content-length': String(Buffer.byteLength(body)) }),
  };
  // An empty text would be given a type.
  return new Response(method === 'HEAD' || body === '' ? null : body, { status, headers });
}

/**
 * Sends lines as they are made. As on a server, headers go out with the first line, so an error before it has a status
 * of its own; an error after it is the last line. Lines are made only as fast as they are read.
 */
export function streamLines(lines: AsyncGenerator<unknown, void>): Promise<Response> {
  return streamBatches(eachAlone(lines));
}

async function* eachAlone<Line>(lines: AsyncGenerator<Line, void>): AsyncGenerator<Line[], void> {
  for await (const line of lines) yield [line];
}

/** As {@link streamLines}, for lines of which several may be ready at once. */
export async function streamBatches(batches: AsyncGenerator<readonly unknown[], void>): Promise<Response> {
  const first = await batches.next();
  const encoder = new TextEncoder();
  let waiting: IteratorResult<readonly unknown[], void> | undefined = first;
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = waiting ?? (await batches.next());
          waiting = undefined;
          if (done) controller.close();
          else controller.enqueue(encoder.encode(value.map(encodeLine).join('')));
        } catch (error) {
          if (error instanceof BrokenOff) controller.error(error);
          else {
            controller.enqueue(encoder.encode(encodeLine({ error: errorText(error) })));
            controller.close();
          }
        }
      },
      async cancel() {
        await batches.return();
      },
    },
    { highWaterMark: 0 },
  );
  return new Response(body, { headers: { 'content-type': contentTypes.ndjson } });
}

/** One document made of all lines. */
export function joinLines<Line>(lines: AsyncGenerator<Line, void>, join: (all: Line[]) => unknown): Promise<Response> {
  return joinBatches(eachAlone(lines), join);
}

/** As {@link joinLines}, for lines of which several may be ready at once. */
export async function joinBatches<Line>(
  batches: AsyncGenerator<readonly Line[], void>,
  join: (all: Line[]) => unknown,
): Promise<Response> {
  const all: Line[] = [];
  for await (const lines of batches) for (const line of lines) all.push(line);
  return toResponse(jsonReply(join(all)));
}

/** Thrown on the way to an answer: said with this status when nothing of the answer is out yet. */
export class Refusal extends Error {
  readonly reply: WireReply;
  constructor(reply: WireReply) {
    super('refused');
    this.reply = reply;
  }
}

/** Thrown in mid-answer by a server whose connection breaks: nothing more is said. */
export class BrokenOff extends Error {}

/** What the client is told of a failure before the first line. */
export function toFailure(error: unknown, signal: AbortSignal): Response {
  if (error instanceof Refusal) return toResponse(error.reply);
  if (signal.aborted) return toResponse(jsonReply({ error: 'request canceled' }, 499));
  return toResponse(lateErrorReply(500, errorText(error)));
}

const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));
