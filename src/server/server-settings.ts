import type { HostAddress } from '../ollama/client.ts';

/** How a server is to behave. */
export interface ServerSettings {
  /** The address it listens on. */
  address: string;
  /** What every client has to show; needed wherever others than this machine can ask. */
  token?: string | undefined;
  /** Ollama servers for all runs, whatever an agent says; absent: the agent's, else those of the environment. */
  hosts?: readonly string[] | undefined;
  /** The Ollama servers that get what is passed on. Agents sent over the API may name them, too. */
  upstream: readonly HostAddress[];
  /** More servers that agents sent over the API may name. */
  allowedHosts: readonly string[];
  limits: ServerLimits;
}

export interface ServerLimits {
  /** Runs under way at once. */
  runs: number;
  /** Requests in flight per Ollama server and model. */
  slots: number;
  /** Runs, and requests per model, that may wait for their turn. */
  waiting: number;
  /** Those of one client among them. */
  waitingPerClient: number;
  /** Of a body of our own API. */
  bodyBytes: number;
  /** Of a body that is passed on. */
  passedBytes: number;
}

/** What holds unless somebody says otherwise. */
export const defaultLimits: ServerLimits = {
  runs: 64,
  slots: 4,
  waiting: 512,
  waitingPerClient: 256,
  bodyBytes: 10 * 1024 * 1024,
  passedBytes: 100 * 1024 * 1024,
};
