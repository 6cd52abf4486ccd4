/** A server as its environment variables set it up, and the machine below it. */
export interface ServerSettings {
  /** Memory for models. */
  memoryBytes: number;
  /** Models in memory at once, if they fit (`OLLAMA_MAX_LOADED_MODELS`). */
  maxLoaded: number;
  /** Slots of a model that makes text (`OLLAMA_NUM_PARALLEL`). */
  parallel: number;
  /** Requests that may wait for a model to be loaded (`OLLAMA_MAX_QUEUE`). */
  maxQueue: number;
  /** How long an idle model stays where no request says so (`OLLAMA_KEEP_ALIVE`); Infinity: for ever. */
  keepAliveMs: number;
  /** Context of a request that asks for none (`OLLAMA_CONTEXT_LENGTH`). */
  numCtx: number;
  /** Cores of the machine: handlers and loads share them. */
  cores: number;
  /** Work of a core for a request before the scheduler hears of it: the header of its model is read anew each time. */
  prepareMs: number;
  /**
   * How much that differs from one to the next, as a part of it: why requests that were sent one after another arrive in
   * another order.
   */
  prepareSpread: number;
  /** Time until the memory of a model that was unloaded is free again. */
  unloadMs: number;
}

/** A server 0.24 that nobody set up, on a machine with 8 GB for models. */
export const defaultServerSettings: ServerSettings = {
  memoryBytes: 8e9,
  maxLoaded: 3,
  parallel: 1,
  maxQueue: 512,
  keepAliveMs: 5 * 60_000,
  numCtx: 4096,
  cores: 4,
  prepareMs: 40,
  prepareSpread: 0.04,
  unloadMs: 0,
};
