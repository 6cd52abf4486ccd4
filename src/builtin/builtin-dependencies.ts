import type { Host } from '../host/host.ts';
import type { ModelLibrary } from './model-library.ts';
import type { Runner } from './runner.ts';

/** What answering as a server needs. */
export interface BuiltinDependencies {
  library: ModelLibrary;
  runner: Runner;
  /** Threads that one evaluation may use. */
  threads: number;
  clock: Host['clock'];
  random: Host['random'];
}
