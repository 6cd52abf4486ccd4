// In: questions. Out: the lines a person types on the terminal. Effects: writes on stderr, reads stdin.
import { createInterface, type Interface } from 'node:readline';
import { Transform } from 'node:stream';
import { Interruption, type Host, type Input, type Keyboard } from './host.ts';

/** Questions on a terminal, one after another. */
export interface Dialog {
  /**
   * The answer, without its line end; undefined when the person has no more to say (Ctrl-D).
   * @throws Interruption for Ctrl-C
   */
  ask: (question: string, choices?: readonly string[]) => Promise<string | undefined>;
  /** Lines that were typed or pasted beyond what was asked for. */
  readonly ahead: readonly string[];
  /** Gives the terminal back. */
  close: () => void;
}

/** Opens a dialog on stderr: stdout is for results. Lines typed ahead answer the questions that follow. */
export function openDialog({ io, signal }: Pick<Host, 'io' | 'signal'>): Dialog {
  const keyboard = toKeyboard(io.stdin);
  const input = withoutControls(keyboard);
  let choices: readonly string[] = [];
  const completer = (line: string): [string[], string] => [choices.filter((choice) => choice.startsWith(line)), line];
  const terminal = createInterface({ input, output: io.stderr, terminal: true, historySize: 0, completer });
  const { next, ahead } = listen(terminal, signal);
  return {
    ahead,
    async ask(question, known = []) {
      choices = known;
      terminal.setPrompt(question);
      terminal.prompt();
      const line = await next().catch((error: unknown) => {
        io.stderr.write('\n');
        throw error;
      });
      if (line === undefined) io.stderr.write('\n');
      return line;
    },
    close() {
      terminal.close();
      keyboard.unpipe(input);
      keyboard.pause();
    },
  };
}

/** The lines of a terminal, one per call, and those nobody has called for yet. */
function listen(
  terminal: Interface,
  signal: AbortSignal,
): { next: () => Promise<string | undefined>; ahead: readonly string[] } {
  const ahead: string[] = [];
  let isOver = false;
  let stopped: Error | undefined;
  let waiting: { resolve: (line: string | undefined) => void; reject: (error: Error) => void } | undefined;
  const settle = (line: string | undefined): void => {
    waiting?.resolve(line);
    waiting = undefined;
  };
  const stop = (reason: unknown): void => {
    stopped ??= reason instanceof Error ? reason : new Interruption('SIGINT');
    waiting?.reject(stopped);
    waiting = undefined;
  };
  terminal.on('line', (line) => (waiting ? settle(line) : ahead.push(line)));
  terminal.on('SIGINT', () => stop(new Interruption('SIGINT')));
  terminal.on('close', () => {
    isOver = true;
    settle(undefined);
  });
  signal.addEventListener('abort', () => stop(signal.reason), { once: true });
  const next = (): Promise<string | undefined> =>
    new Promise((resolve, reject) => {
      waiting = { resolve, reject };
      if (signal.aborted || stopped) stop(stopped ?? signal.reason);
      else if (ahead.length > 0) settle(ahead.shift());
      else if (isOver) settle(undefined);
    });
  return { next, ahead };
}

/** C1 controls and line separators: readline takes them for text and writes them back to the terminal. */
const controls = /[\x80-\x9f\u2028\u2029]/g;

/** The terminal's input without what could act on the terminal when it is echoed. */
function withoutControls(stdin: Keyboard): Transform {
  const decoder = new TextDecoder();
  const filter = new Transform({
    transform(chunk: Buffer | string, _encoding, done) {
      const text = typeof chunk === 'string' ? chunk : decoder.decode(chunk, { stream: true });
      done(null, text.replace(controls, ''));
    },
  });
  const setRawMode = (isRaw: boolean): void => void stdin.setRawMode?.(isRaw);
  return stdin.pipe(Object.assign(filter, { isTTY: true, setRawMode }));
}

function toKeyboard(stdin: Input): Keyboard {
  if ('pipe' in stdin) return stdin as Keyboard;
  throw new Error('standard input is no terminal');
}
