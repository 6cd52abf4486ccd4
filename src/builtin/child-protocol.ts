/** First line on the child's stdin, which then stays open: its end is the child's end too. */
export interface ChildOrder {
  token: string;
  dataDirectory: string;
  /** Relative GGUF paths are resolved against it. */
  cwd: string;
  /** GGUF paths to list as models. */
  models: string[];
}

/** The only line on the child's stdout. */
export type ChildGreeting = { port: number } | { error: string };
