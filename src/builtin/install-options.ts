import type { Host } from '../host/host.ts';

/** How an installation is carried out and followed. */
export interface InstallOptions {
  dataDirectory: string;
  host: Pick<Host, 'env' | 'platform' | 'clock'>;
  signal: AbortSignal;
  onProgress: (progress: InstallProgress) => void;
}

export interface InstallProgress {
  /** `engine`, or the name of a model. */
  what: string;
  /** Who is asked for it: `npm`, `pip` or a server. */
  from: string;
  receivedBytes?: number;
  totalBytes?: number;
}
