/** The options of a request that decide how the server holds its model: another value makes it load the model anew. */
export interface LoadOptions {
  /** Equal for requests that can share one load. */
  key: string;
  /** Tokens of context asked for; undefined: the server's default. */
  numCtx?: number | undefined;
}

const names = ['num_ctx', 'num_batch', 'num_gpu', 'main_gpu', 'use_mmap', 'num_thread', 'draft_num_predict'];

/** Reads the options of many tasks: equal ones come out as one object, for 100,000 tasks have few of them. */
export function createLoadReader(): (options: Readonly<Record<string, unknown>> | undefined) => LoadOptions {
  const known = new Map<string, LoadOptions>();
  return (options) => {
    const load = loadOptionsOf(options);
    const same = known.get(load.key) ?? load;
    known.set(load.key, same);
    return same;
  };
}

export function loadOptionsOf(options: Readonly<Record<string, unknown>> = {}): LoadOptions {
  const chosen = names.filter((name) => options[name] !== undefined && options[name] !== null);
  const { num_ctx } = options;
  return {
    key: chosen.map((name) => `${name}=${JSON.stringify(options[name])}`).join(' '),
    numCtx: typeof num_ctx === 'number' ? num_ctx : undefined,
  };
}
