import { Writable } from 'node:stream';
import headless from '@xterm/headless';
import type { Clock, Output } from '../../../src/host/host.ts';

/** A terminal in memory: what a person would see of a stream that is written to it. */
export class TestTerminal {
  readonly #xterm: headless.Terminal;
  /** How many times something was written so far. */
  writes = 0;

  constructor(columns = 80, rows = 24) {
    this.#xterm = new headless.Terminal({ cols: columns, rows, allowProposedApi: true, convertEol: true });
  }

  /** A stream that shows on this terminal; several may, as stdout and stderr do. */
  output(): Output {
    const { columns, rows } = { columns: () => this.#xterm.cols, rows: () => this.#xterm.rows };
    const stream = new Writable({
      decodeStrings: false,
      write: (chunk: string, _encoding, done) => {
        this.feed(chunk);
        done();
      },
    });
    return Object.defineProperties(Object.assign(stream, { isTTY: true }), {
      columns: { get: columns },
      rows: { get: rows },
    });
  }

  feed(data: string): void {
    this.writes += 1;
    this.#xterm.write(data);
  }

  resize(columns: number, rows: number): void {
    this.#xterm.resize(columns, rows);
  }

  /** The lines on the screen and above it, blank ones at the end left out, once all that was written is shown. */
  async screen(): Promise<string> {
    await new Promise<void>((resolve) => this.#xterm.write('', resolve));
    const { active } = this.#xterm.buffer;
    const lines = Array.from({ length: active.length }, (_, y) => active.getLine(y)?.translateToString(true) ?? '');
    return lines.join('\n').trimEnd();
  }

  /** Waits until the screen shows it. */
  async until(text: string): Promise<string> {
    for (;;) {
      const drawn = new Promise<void>((resolve) => {
        const listener = this.#xterm.onWriteParsed(() => {
          listener.dispose();
          resolve();
        });
      });
      const screen = await this.screen();
      if (screen.includes(text)) return screen;
      await drawn;
    }
  }

  get isCursorVisible(): boolean {
    return !this.#modes.isCursorHidden;
  }

  get #modes(): { isCursorHidden: boolean } {
    // Not in the public interface: the headless terminal has no cursor to draw.
    const { _core } = this.#xterm as unknown as { _core: { coreService: { isCursorHidden: boolean } } };
    return _core.coreService;
  }
}

/** A clock that moves when told to. */
export class ManualClock implements Clock {
  #nowMs: number;
  #timers: { dueMs: number; callback: () => void }[] = [];

  constructor(nowMs: number) {
    this.#nowMs = nowMs;
  }

  readonly now = (): number => this.#nowMs;

  readonly after = (delayMs: number, callback: () => void): (() => void) => {
    const timer = { dueMs: this.#nowMs + delayMs, callback };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  advance(ms: number): void {
    const endMs = this.#nowMs + ms;
    for (;;) {
      const next = this.#timers.filter(({ dueMs }) => dueMs <= endMs).sort((a, b) => a.dueMs - b.dueMs)[0];
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.callback();
    }
    this.#nowMs = endMs;
  }

  /** Callbacks that are still to come. */
  get pending(): number {
    return this.#timers.length;
  }
}
