import type { Clock } from '../host/host.ts';
import type { OllamaClient } from '../ollama/client.ts';
import type { SchemaLoader } from '../spec/schema-loader.ts';
import type { Record } from './emitter.ts';

/** What a run needs of the world outside the engine. */
export interface EnginePorts {
  /** By the address the plan's candidates name. */
  clients: ReadonlyMap<string, OllamaClient>;
  /** What each server held in memory when it was surveyed. */
  loaded: ReadonlyMap<string, readonly { name: string; context_length?: number | undefined }[]>;
  loadSchemas: SchemaLoader;
  clock: Clock;
  newId: () => string;
  random: () => number;
  /** Aborted to stop the run; the reason says why. */
  signal: AbortSignal;
  /** Keeps durable events. */
  record?: Record | undefined;
}
