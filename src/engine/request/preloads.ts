// In: a model that is needed soon. Effects: a request that has it loaded, beside the work.
import type { Clock } from '../../host/host.ts';
import type { OllamaClient } from '../../ollama/client.ts';
import type { PlanTask } from '../../plan/plan.ts';
import type { RunMeter } from '../meter.ts';
import type { ModelWatch } from '../model-watch.ts';
import type { Lane } from '../queues.ts';
import type { KeepAlive } from './keep-alive.ts';
import { toLoad } from './keep-alive.ts';

export interface PreloadsRun {
  clients: ReadonlyMap<string, OllamaClient>;
  clock: Clock;
  /** Aborted when all requests are to be closed. */
  signal: AbortSignal;
  watch: ModelWatch;
  meter: RunMeter;
  keepAlive: KeepAlive;
}

/** Loads under way that no prompt waits for. */
export class Preloads {
  readonly #run: PreloadsRun;
  readonly #closing = new AbortController();
  /** By server. */
  readonly #underWay = new Map<string, Lane>();

  constructor(run: PreloadsRun) {
    this.#run = run;
  }

  isUnderWay(lane: Lane): boolean {
    return this.#underWay.get(lane.host) === lane;
  }

  /** Whether a server loads nothing now that nobody waits for. */
  isFree(host: string): boolean {
    return !this.#underWay.has(host);
  }

  /** Resolves when the model is there, or will not be: that is no fault of a task yet. */
  async load(lane: Lane, task: PlanTask): Promise<void> {
    const { clients, clock, watch, meter, keepAlive } = this.#run;
    const client = clients.get(lane.host);
    if (!client) return;
    this.#underWay.set(lane.host, lane);
    try {
      await watch.beginTurn(client, lane);
      const signal = AbortSignal.any([this.#run.signal, this.#closing.signal]);
      const load = toLoad(lane.model, task);
      const loadMs = await watch.throughLoad(client, lane, () => keepAlive.load(client, load, { clock, signal }));
      if (loadMs !== undefined) meter.noteLoad(lane, loadMs);
    } finally {
      this.#underWay.delete(lane.host);
    }
  }

  /** The run is over: the server throws away what it loads for nobody. */
  close(): void {
    this.#closing.abort(new Error('the run is over'));
  }
}
