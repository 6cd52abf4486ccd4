import { errorReply, type WireReply } from '../ollama/wire-encode.ts';
import type { Features } from '../ollama/wire-features.ts';
import type { ServerSettings } from './server-settings.ts';
import { memoryBytesOf, slotsOf, type VirtualModel } from './virtual-model.ts';

export const busyReply = errorReply(503, 'server busy, please try again.  maximum pending requests exceeded');

/** What the one says whose process of the model has died in mid-answer. */
export const killedText = 'an error was encountered while running the model: unexpected EOF';

export const crashedReply = errorReply(
  500,
  'model runner has unexpectedly stopped, this may be due to resource limitations or an internal error, check ollama server logs for details',
);

/** What is said when a model could not be loaded. */
export function loadFailedReply(
  reason: 'crashed' | 'too-large',
  { model, numCtx, settings, has }: { model: VirtualModel; numCtx: number; settings: ServerSettings; has: Features },
): WireReply {
  if (reason === 'crashed')
    return errorReply(
      500,
      `${has.llamaServer ? 'llama-server' : 'llama runner'} process has terminated: exit status 2`,
    );
  const needed = gib(memoryBytesOf(model, numCtx, slotsOf(model, settings.parallel)));
  const text = `model requires more system memory (${needed}) than is available (${gib(settings.memoryBytes)})`;
  return errorReply(500, text);
}

const gib = (bytes: number): string => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
