import type { HostAddress } from '../ollama/client.ts';

/** How a server is to behave. */
export interface ServerSettings {
  /** The address it listens on. */
  address: string;
  /** What every client has to show; needed wherever others than this machine can ask. */
  token?: string | undefined;
  /** The Ollama servers behind it: runs use them unless an agent names others, and what is passed on goes to them. */
  upstream: readonly HostAddress[];
  /** Servers that agents sent over the API may name, besides those. */
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
  /** Of a body of our own API. */
  bodyBytes: number;
  /** Of a body that is passed on. */
  passedBytes: number;
}

/** What holds unless somebody says otherwise. */
export const defaultLimits: ServerLimits = {
  runs: 64,
  slots: 2,
  waiting: 512,
  bodyBytes: 10 * 1024 * 1024,
  passedBytes: 100 * 1024 * 1024,
};
