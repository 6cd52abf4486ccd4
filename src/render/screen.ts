import type { Output } from '../host/host.ts';

/** The way to stdout. A live view that draws on the same terminal steps aside for each piece. */
export interface Screen {
  print: (text: string) => void;
  /** Whether anything was printed. */
  hasPrinted: () => boolean;
  /** From now on the view is asked to make room: it must call `write` once, at the start of a line. */
  share: (makeRoom: ((write: () => void) => void) | undefined) => void;
  /** Resolves when the stream has taken all that was printed, however slow its reader is. */
  drained: () => Promise<void>;
}

/** A screen on the given stream. */
export function createScreen(stdout: Output): Screen {
  let makeRoom: ((write: () => void) => void) | undefined;
  let hasPrinted = false;
  return {
    print(text) {
      hasPrinted = true;
      const write = () => void stdout.write(text);
      if (makeRoom) makeRoom(write);
      else write();
    },
    hasPrinted: () => hasPrinted,
    share(view) {
      makeRoom = view;
    },
    // Also called back with an error: a reader that left does not keep us from ending.
    drained: () => new Promise((resolve) => stdout.write('', () => resolve())),
  };
}
