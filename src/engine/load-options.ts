/** The options of a request that decide how the server holds its model: another value makes it load the model anew. */
export interface LoadOptions {
  /** Equal for requests that can share one load. */
  key: string;
  /** Tokens of context asked for; undefined: the server's default. */
  numCtx?: number | undefined;
}

const names = ['num_ctx', 'num_batch', 'num_gpu', 'main_gpu', 'use_mmap', 'num_thread', 'draft_num_predict'];

export function loadOptionsOf(options: Readonly<Record<string, unknown>> = {}): LoadOptions {
  const chosen = names.filter((name) => options[name] !== undefined && options[name] !== null);
  const { num_ctx } = options;
  return {
    key: chosen.map((name) => `${name}=${JSON.stringify(options[name])}`).join(' '),
    numCtx: typeof num_ctx === 'number' ? num_ctx : undefined,
  };
}
