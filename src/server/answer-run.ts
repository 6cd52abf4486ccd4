// In: what a run is asked for, and how it is to be answered. Out: its events, its id or its document.
import type { FurtherRequest } from '../app/resume-run.ts';
import type { RunRequest } from '../app/load-parts.ts';
import type { Call } from './define-route.ts';
import { eventResponse, formatOf } from './event-stream.ts';
import { clientGone, type LiveRun } from './live-runs.ts';
import { json } from './respond.ts';

/** Where the runs are. */
export const runsPath = '/api/orchestration/runs';

interface Wishes {
  stream?: boolean | undefined;
  detach?: boolean | undefined;
}

/** Starts a run, or goes on with one, and answers as the request wants. A client that goes away ends its run with it. */
export async function answerRun(
  asked: RunRequest | FurtherRequest,
  { stream, detach: isDetached = false }: Wishes,
  { request, client, server }: Call,
): Promise<Response> {
  const format = formatOf(request, stream);
  const wantsDocument = !format && !isDetached;
  const run = await server.runs.start(asked, { client, signal: request.signal, isDetached, wantsDocument });
  const onGone = (): void => {
    if (!isDetached) run.cancel(clientGone);
  };
  if (format) return eventResponse((signal) => run.feed.follow(run.firstSeq - 1, signal), format, onGone);
  if (isDetached) return json({ id: run.id }, 202, { location: `${runsPath}/${run.id}` });
  return documentOf(run, request.signal, onGone);
}

async function documentOf(run: LiveRun, signal: AbortSignal, onGone: () => void): Promise<Response> {
  signal.addEventListener('abort', onGone, { once: true });
  if (signal.aborted) onGone();
  await run.ended;
  signal.removeEventListener('abort', onGone);
  return json(run.document());
}
