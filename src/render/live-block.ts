import { DefaultRenderer, Listr, ListrEventType, ListrLogger, ProcessOutput } from 'listr2';
import stringWidth from 'string-width';
import type { Output } from '../host/host.ts';

/** A few lines at the bottom of a terminal that are drawn over and over. */
export interface LiveBlock {
  /** Draws the rows, unless they are what is on the screen. */
  show: (rows: readonly string[]) => void;
  /** Takes the block away while something is written above it. */
  makeRoom: (write: () => void) => void;
  /** Removes the block and gives the cursor back. */
  end: () => Promise<void>;
}

/**
 * Opens a block of at most `height` rows. listr2 draws it: it gets one task per row whose title is the row, and never
 * an output, which it would gather.
 */
export function openLiveBlock(stderr: Output, height: number): LiveBlock {
  const { promise: over, resolve: finish } = deferred();
  const terminal = new Terminal(stderr);
  const listr = new Listr(
    Array.from({ length: height }, () => ({ task: () => over })),
    {
      concurrent: true,
      exitOnError: false,
      registerSignalListeners: false,
      renderer: BlockRenderer,
      rendererOptions: {
        lazy: true,
        clearOutput: true,
        logger: new ListrLogger({ useIcons: false, processOutput: terminal }),
      },
    },
  );
  const ended = listr.run();
  return {
    show(rows) {
      terminal.forgetReflow();
      listr.tasks.forEach((task, index) => (task.title = rows[index] ?? ''));
      listr.events.emit(ListrEventType.SHOULD_REFRESH_RENDER);
    },
    makeRoom: (write) => terminal.makeRoom(write),
    async end() {
      finish();
      await ended;
    },
  };
}

/** Draws rows as they are: no symbols, no wrapping. It asks stdout whether there is a terminal, while we draw on stderr. */
class BlockRenderer extends DefaultRenderer {
  static override nonTTY = true;
  readonly #rows: ConstructorParameters<typeof DefaultRenderer>[0];

  constructor(...given: ConstructorParameters<typeof DefaultRenderer>) {
    super(...given);
    [this.#rows] = given;
  }

  /** listr2 begins its tasks one by one: no block is drawn before all its rows are there. */
  override update(): void {
    if (this.#rows.every((row) => row.isEnabled())) super.update();
  }

  protected override style(): string {
    return '';
  }

  protected override format(message: string): string[] {
    return message === '' ? [] : [message];
  }
}

const eraseLine = '\x1b[2K';
const cursorUp = '\x1b[1A';
const hideCursor = '\x1b[?25l';
const showCursor = '\x1b[?25h';

/**
 * The stream as listr2 sees it. Other than in its parent nothing else is kept from writing to it, so that the hook
 * which shows the cursor again when the process is ended in the middle of a run gets through.
 */
class Terminal extends ProcessOutput {
  readonly #stream: Output;
  readonly #view: Output;
  /** What is on the screen now. */
  #block = '';
  #columns: number;

  constructor(stream: Output) {
    super(asWriteStream(stream), asWriteStream(stream));
    this.#stream = stream;
    this.#columns = stream.columns ?? 80;
    this.#view = new Proxy(stream, {
      get: (target, key): unknown => (key === 'write' ? (text: string) => this.#draw(text) : Reflect.get(target, key)),
    });
  }

  /** A view through which the present width is seen; the parent hands out a copy. */
  override get stdout(): NodeJS.WriteStream {
    return asWriteStream(this.#view);
  }

  override hijack(): void {
    this.#stream.write(hideCursor);
  }

  override release(): void {
    this.#stream.write(showCursor);
  }

  makeRoom(write: () => void): void {
    const { length } = this.#block.split('\n');
    if (this.#block !== '') this.#stream.write(`${`${eraseLine}${cursorUp}`.repeat(length - 1)}${eraseLine}\r`);
    write();
    if (this.#block !== '') this.#stream.write(this.#block);
  }

  /** Terminals break long rows anew when they become narrower: erases what the block has grown by. */
  forgetReflow(): void {
    const columns = this.#stream.columns ?? 80;
    if (columns < this.#columns) {
      const rows = this.#block.split('\n').map((row) => Math.ceil(stringWidth(row) / columns) - 1);
      const grownBy = rows.reduce((sum, extra) => sum + Math.max(0, extra), 0);
      this.#stream.write(`${eraseLine}${cursorUp}`.repeat(grownBy));
    }
    this.#columns = columns;
  }

  #draw(text: string): boolean {
    this.#block = text.replace(/^(?:\x1b\[(?:2K|1A|G))+/, '');
    return this.#stream.write(text);
  }
}

function asWriteStream(stream: Output): NodeJS.WriteStream {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- listr2 names the type of process.stderr where it calls only write() and reads columns and rows
  return stream as NodeJS.WriteStream;
}

function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => (resolve = settle));
  return { promise, resolve };
}
