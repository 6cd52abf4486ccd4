import { ProblemError, type Problem } from '../errors/problem.ts';
import { cleanText } from './clean-text.ts';
import type { NextChunk } from './read-body.ts';

export interface LineOptions {
  /** Longest line we take, in bytes. */
  maxLineBytes: number;
  onDroppedLine?: ((line: string) => void) | undefined;
  /** Called before the closing line (`done` or `success`) is handed on: the reader may not come back after it. */
  onClosingLine: () => void;
  /** The server's own `{"error": …}`. */
  toErrorProblem: (error: unknown) => Problem;
  toTooLong: () => Problem;
  /** The answer ended before its closing line; true when no line of it was JSON. */
  toIncomplete: (isForeign: boolean) => Problem;
}

const newline = 10;

/**
 * Chunks in, whole lines out that are JSON objects. Blank lines are left out in silence, others are reported. An error
 * line and an end without a closing line throw, once the lines before them were read. To be used as the reader of a
 * `ReadableStream`, as far as the `ollama` package uses one.
 */
export class LineReader {
  readonly #next: NextChunk;
  readonly #options: LineOptions;
  /** The beginning of a line whose end has not come yet. */
  #rest: Uint8Array[] = [];
  #restBytes = 0;
  #taken = 0;
  #dropped = 0;
  #failure: Problem | undefined;

  constructor(next: NextChunk, options: LineOptions) {
    this.#next = next;
    this.#options = options;
  }

  async read(): Promise<{ done: boolean; value: Uint8Array }> {
    for (;;) {
      if (this.#failure) throw new ProblemError(this.#failure);
      const chunk = await this.#next();
      // The last line may come without its newline: an answer that is no stream, such as to a load, has none.
      const value = this.#accept(this.#split(chunk ?? Buffer.of(newline)));
      if (!chunk) this.#failure ??= this.#options.toIncomplete(this.#taken === 0 && this.#dropped > 0);
      if (value) return { done: false, value };
    }
  }

  /** The package calls it; there is no lock. */
  releaseLock(): void {
    return;
  }

  #split(chunk: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = [];
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      const piece = chunk.subarray(from, end + 1);
      lines.push(this.#rest.length === 0 ? piece : Buffer.concat([...this.#rest, piece]));
      from = end + 1;
      this.#rest = [];
      this.#restBytes = 0;
    }
    if (from < chunk.length) this.#rest.push(chunk.subarray(from));
    this.#restBytes += chunk.length - from;
    if (this.#restBytes > this.#options.maxLineBytes) this.#failure = this.#options.toTooLong();
    return lines;
  }

  /** The good ones among the lines, as one piece; those after an error line do not count. */
  #accept(lines: readonly Uint8Array[]): Uint8Array | undefined {
    const good: Uint8Array[] = [];
    for (const line of lines) {
      const text = Buffer.from(line.buffer, line.byteOffset, line.length).toString();
      const value = parseObject(text);
      if (value && 'error' in value) {
        this.#failure = this.#options.toErrorProblem(value['error']);
        break;
      }
      if (value) {
        this.#taken += 1;
        good.push(line);
        if (value['done'] === true || value['status'] === 'success') this.#options.onClosingLine();
      } else if (text.trim() !== '') {
        this.#dropped += 1;
        this.#options.onDroppedLine?.(cleanText(text, [], 200));
      }
    }
    return good.length > 1 ? Buffer.concat(good) : good[0];
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
