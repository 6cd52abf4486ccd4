import type { OnPull } from '../app/pull-missing.ts';
import type { Host } from '../host/host.ts';
import { formatBytes } from '../lib/format-bytes.ts';
import { neutralize } from '../lib/neutralize.ts';

const barWidth = 20;

/** Tells on stderr how far a pull is: a bar on a terminal, a line per step elsewhere. */
export function createPullView(
  { io: { stderr } }: Pick<Host, 'io'>,
  quiet: boolean,
): { onPull: OnPull; close: () => void } {
  let told = '';
  let isOpen = false;
  const close = (): void => {
    if (isOpen) stderr.write('\n');
    isOpen = false;
  };
  const onPull: OnPull = (model, _host, progress) => {
    const { status, total, completed = 0 } = progress;
    const step = neutralize(`pulling ${model}: ${status}`);
    if (quiet || (stderr.isTTY !== true && step === told)) return;
    if (stderr.isTTY !== true) stderr.write(`${step}\n`);
    else
      stderr.write(
        `\r\u001b[K${step}${total === undefined ? '' : `  ${bar(completed / total)} ${formatBytes(completed)}/${formatBytes(total)}`}`,
      );
    isOpen = stderr.isTTY === true;
    told = step;
  };
  return { onPull, close };
}

function bar(share: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * barWidth);
  return `▕${'█'.repeat(filled)}${' '.repeat(barWidth - filled)}▏`;
}
