// In: what runs are asked for. Out: runs that go on in this process, each with its events. Effects: the runs.
import type { Orchestrator, RunHooks } from '../app/create-orchestrator.ts';
import type { FurtherRequest } from '../app/resume-run.ts';
import type { RunRequest } from '../app/load-parts.ts';
import { ProblemError, type Problem } from '../errors/problem.ts';
import type { RunEvent } from '../events/event.ts';
import type { RunDocument } from '../events/run-document.ts';
import { record, toRunDocument, type RunRecord } from '../events/to-run-document.ts';
import type { Host } from '../host/host.ts';
import { createDeferred } from '../lib/deferred.ts';
import { followKept } from './follow-kept.ts';
import { RunFeed } from './run-feed.ts';
import { Turnstile, type TurnstileLimits } from './turnstile.ts';
import type { Upstream } from './upstream.ts';

/** A run that goes on in this process. */
export interface LiveRun {
  id: string;
  feed: RunFeed;
  /** Number of the first event of this part of the run. */
  firstSeq: number;
  /** Resolves when it has ended, however that was. */
  ended: Promise<unknown>;
  cancel: (problem: Problem) => void;
  /** The whole of it, once it has ended; for runs whose document was wanted. */
  document: () => RunDocument;
}

export interface StartOptions {
  /** Tells those apart who wait for their turn. */
  client: string;
  /** Aborted when whoever asks has gone before the run began. */
  signal: AbortSignal;
  /** It goes on without the client that asked for it, and is resumed when this process ends before it does. */
  isDetached: boolean;
  /** Whether {@link LiveRun.document} will be called; it keeps all outputs in memory. */
  wantsDocument: boolean;
}

export interface LiveRunsOptions {
  host: LiveHost;
  upstream: Pick<Upstream, 'enter'>;
  limits: TurnstileLimits;
  /** Hears of everything that happens in any run. */
  onEvent: (event: RunEvent) => void;
}

type LiveHost = Pick<Host, 'clock'>;

/** The runs of a server. */
export class LiveRuns {
  readonly #orchestrator: Pick<Orchestrator, 'execute' | 'runs'>;
  readonly #host: LiveHost;
  readonly #upstream: Pick<Upstream, 'enter'>;
  readonly #turnstile: Turnstile;
  readonly #onEvent: (event: RunEvent) => void;
  readonly #runs = new Map<string, LiveRun>();

  constructor(
    orchestrator: Pick<Orchestrator, 'execute' | 'runs'>,
    { host, upstream, limits, onEvent }: LiveRunsOptions,
  ) {
    this.#onEvent = onEvent;
    this.#upstream = upstream;
    this.#orchestrator = orchestrator;
    this.#host = host;
    this.#turnstile = new Turnstile(limits);
  }

  get(id: string): LiveRun | undefined {
    return this.#runs.get(id);
  }

  get counts(): { running: number; waiting: number } {
    return { running: this.#turnstile.inside, waiting: this.#turnstile.waiting };
  }

  /**
   * Begins a run, or goes on with one, when it is its turn. Resolves once its first event is out.
   * @throws ProblemError when what was asked for is wrong; nothing was sent then
   */
  async start(request: RunRequest | FurtherRequest, options: StartOptions): Promise<LiveRun> {
    const leave = await this.#turnstile.enter(options.client, options.signal);
    try {
      const run = await this.#begin(request, options);
      this.#runs.set(run.id, run);
      void run.ended.finally(() => {
        this.#runs.delete(run.id);
        leave();
      });
      return run;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** The events of a run behind a durable one, wherever it goes on: here, in another process, or nowhere any more. */
  follow(id: string, afterSeq: number, signal: AbortSignal): AsyncGenerator<RunEvent[], void> {
    const live = this.#runs.get(id);
    if (live) return live.feed.follow(afterSeq, signal);
    return followKept(id, afterSeq, { runs: this.#orchestrator.runs, clock: this.#host.clock, signal });
  }

  /** Resolves when all have ended. */
  async untilAllEnded(): Promise<void> {
    await Promise.all([...this.#runs.values()].map(({ ended }) => ended));
  }

  #begin(request: RunRequest | FurtherRequest, options: StartOptions): Promise<LiveRun> {
    const { isDetached, wantsDocument, signal, client } = options;
    const begun = createDeferred<LiveRun>();
    const stopping = new AbortController();
    const cancel = (problem: Problem): void => stopping.abort(new ProblemError(problem));
    const onGone = (): void => cancel(clientGone);
    if (!isDetached) signal.addEventListener('abort', onGone, { once: true });
    let live: LiveRun | undefined;
    let kept: RunRecord | undefined;
    const note = (event: RunEvent): void => {
      if (wantsDocument) kept = record(kept, event);
    };
    const ended = createDeferred<undefined>();
    const onEvent = (event: RunEvent): void => {
      note(event);
      if (!live) {
        signal.removeEventListener('abort', onGone);
        live = this.#toLiveRun(event, { ended: ended.promise, cancel, document: () => toDocument(kept) });
        begun.resolve(live);
      }
      live.feed.push(event);
      this.#onEvent(event);
    };
    // A run that was let in is under way: its requests wait, and are not turned away.
    const enter: RunHooks['enter'] = (url, model, stop) => this.#upstream.enter({ url, model, client }, stop, 'always');
    const hooks = { onEvent, onPast: note, signal: stopping.signal, isDetached, enter };
    void this.#orchestrator
      .execute(request, hooks)
      .catch((error: unknown) => begun.reject(error))
      .finally(() => {
        signal.removeEventListener('abort', onGone);
        live?.feed.end();
        ended.resolve(undefined);
      });
    return begun.promise;
  }

  #toLiveRun(first: RunEvent, rest: Pick<LiveRun, 'ended' | 'cancel' | 'document'>): LiveRun {
    const { run_id: id } = first;
    const readKept = (after: number): Promise<RunEvent[]> => this.#orchestrator.runs.eventsAfter(id, after);
    const feed = new RunFeed({ clock: this.#host.clock, readKept });
    return { id, feed, firstSeq: 'seq' in first ? first.seq : 1, ...rest };
  }
}

/** Why a run ends whose client went away. */
export const clientGone: Problem = { code: 'cancelled', message: 'the client that asked for the run has gone' };

function toDocument(kept: RunRecord | undefined): RunDocument {
  if (!kept) throw new Error('a run ended without an event');
  return toRunDocument(kept);
}
