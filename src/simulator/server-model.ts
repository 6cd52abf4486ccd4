import type { Clock } from '../host/host.ts';
import { Exchange, type Asked, type Listener } from './exchange.ts';
import { onCores, Processor } from './processor.ts';
import { Scheduler, type LoadFate } from './scheduler.ts';
import type { ServerSettings } from './server-settings.ts';
import type { VirtualModel } from './virtual-model.ts';

export interface ServerModelOptions {
  settings: ServerSettings;
  clock: Clock;
  /** A number in [0, 1). */
  random: () => number;
  fateOf?: ((model: VirtualModel) => LoadFate) | undefined;
}

/** A server without its protocol: requests wait, models are loaded and evicted, and answers take their time. */
export interface ServerModel {
  scheduler: Scheduler;
  /** Sends a request; returns what hangs up on it. */
  send: (asked: Asked, listener: Listener) => () => void;
}

/** Makes a server that has loaded nothing yet. */
export function createServerModel({ settings, clock, random, fateOf }: ServerModelOptions): ServerModel {
  const cpu = new Processor(clock, onCores(settings.cores));
  const scheduler = new Scheduler({ settings, clock, cpu, fateOf });
  return {
    scheduler,
    send(asked, listener) {
      const prepareMs = settings.prepareMs * (1 + settings.prepareSpread * random());
      const exchange = new Exchange(asked, listener, { clock, cpu, scheduler, prepareMs });
      return () => exchange.hangUp();
    },
  };
}
