import type { InstallProgress } from '../builtin/install-options.ts';
import type { Host } from '../host/host.ts';

/** Shows on stderr what is being installed: one line that is redrawn on a terminal, else one line for each source. */
export function createInstallProgress(
  { io, clock }: Pick<Host, 'io' | 'clock'>,
  { quiet = false }: { quiet?: boolean | undefined } = {},
): { onProgress: (progress: InstallProgress) => void; close: () => void } {
  if (quiet) return { onProgress: () => undefined, close: () => undefined };
  const isTerminal = io.stderr.isTTY === true;
  let source = '';
  let drawnAtMs = 0;
  return {
    onProgress(progress) {
      const isNew = source !== `${progress.what} ${progress.from}`;
      if (!isNew && (!isTerminal || clock.now() - drawnAtMs < redrawMs)) return;
      if (isNew && source !== '' && isTerminal) io.stderr.write('\n');
      source = `${progress.what} ${progress.from}`;
      drawnAtMs = clock.now();
      const line = formatInstallProgress(progress);
      io.stderr.write(isTerminal ? `\r\x1b[K${line}` : `${line}\n`);
    },
    close() {
      if (isTerminal && source !== '') io.stderr.write('\n');
    },
  };
}

const redrawMs = 200;

/** `smollm2:135m from huggingface.co: 12 of 98 MB` */
function formatInstallProgress({ what, from, receivedBytes, totalBytes }: InstallProgress): string {
  const start = `installing ${what} from ${from}`;
  if (receivedBytes === undefined || totalBytes === undefined) return start;
  return `${start}: ${toMegabytes(Math.min(receivedBytes, totalBytes))} of ${toMegabytes(totalBytes)} MB`;
}

const toMegabytes = (bytes: number): number => Math.round(bytes / 1e6);
