import type { Clock } from '../host/host.ts';
import { createSeededRandom } from '../lib/seeded-random.ts';
import { featuresOf, type Features } from '../ollama/wire-features.ts';
import { createFaults, type FaultRule, type Faults } from './faults.ts';
import type { ModelSketch } from './guess-model.ts';
import { createModelStore, type ModelStore } from './model-store.ts';
import { createServerModel, type ServerModel } from './server-model.ts';
import { defaultServerSettings, type ServerSettings } from './server-settings.ts';
import { createScaledClock, type StoppableClock } from './virtual-clock.ts';

/** What is to be simulated. */
export interface SimulationOptions {
  settings?: Partial<ServerSettings> | undefined;
  models?: readonly ModelSketch[] | undefined;
  /** Whether every model exists that somebody names. */
  isOpen?: boolean | undefined;
  /** Version of Ollama that it behaves as. */
  version?: string | undefined;
  faults?: readonly FaultRule[] | undefined;
  /** With 0.001, what takes a second takes a millisecond. */
  timeScale?: number | undefined;
  seed?: number | undefined;
}

/** A simulated server in its life. */
export interface Simulation {
  version: string;
  has: Features;
  clock: StoppableClock;
  settings: ServerSettings;
  server: ServerModel;
  models: ModelStore;
  faults: Faults;
  /** Prompts that came, and those that were refused for the queue, by model. */
  counts: { requests: Map<string, number>; refused: Map<string, number> };
}

const defaultVersion = '0.30.0';

/** Starts a server with its models on disk and none in memory. */
export function createSimulation(options: SimulationOptions, { clock }: { clock: Clock }): Simulation {
  const { version = defaultVersion, seed = 0, timeScale = 1, faults = [], models = [] } = options;
  const random = createSeededRandom(seed);
  const decided = createFaults(faults, createSeededRandom(seed + 1));
  const scaled = createScaledClock(clock, timeScale);
  const settings = { ...defaultServerSettings, ...options.settings };
  const fateOf = ({ name }: { name: string }) => decided.fateOf(name);
  return {
    ...{ version, has: featuresOf(version), clock: scaled, settings, faults: decided },
    server: createServerModel({ settings, clock: scaled, random, fateOf }),
    models: createModelStore(models, { startMs: clock.now(), isOpen: options.isOpen }),
    counts: { requests: new Map(), refused: new Map() },
  };
}
