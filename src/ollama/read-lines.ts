import { ProblemError, type Problem } from '../errors/problem.ts';
import { cleanText } from './clean-text.ts';

export interface LineOptions {
  /** Longest line we take, in bytes. */
  maxLineBytes: number;
  onDroppedLine?: ((line: string) => void) | undefined;
  /** Called before the closing line is handed on: the reader may not come back after it. */
  onClosingLine: () => void;
  /** The server's own `{"error": …}`. */
  toErrorProblem: (error: unknown) => Problem;
  toTooLong: () => Problem;
  /** The answer ended before its closing line; true when no line of it was JSON. */
  toIncomplete: (isForeign: boolean) => Problem;
}

/**
 * The lines of a stream that are JSON objects, as bytes with their newlines. Blank lines are left out in silence, others
 * are reported; an error line and an end without a closing line (`done` or `success`) throw.
 */
export async function* readLines(chunks: AsyncIterable<Uint8Array>, options: LineOptions): AsyncGenerator<Uint8Array> {
  const { onDroppedLine, toErrorProblem, toIncomplete } = options;
  let taken = 0;
  let dropped = 0;
  for await (const line of splitLines(chunks, options)) {
    const text = line.toString();
    if (text.trim() === '') continue;
    const value = parseObject(text);
    if (!value) {
      dropped += 1;
      onDroppedLine?.(cleanText(text, [], 200));
      continue;
    }
    if ('error' in value) throw new ProblemError(toErrorProblem(value['error']));
    taken += 1;
    const isClosing = value['done'] === true || value['status'] === 'success';
    if (isClosing) options.onClosingLine();
    yield line;
    if (isClosing) return;
  }
  throw new ProblemError(toIncomplete(taken === 0 && dropped > 0));
}

async function* splitLines(chunks: AsyncIterable<Uint8Array>, { maxLineBytes, toTooLong }: LineOptions) {
  let parts: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, from)) {
      yield Buffer.concat([...parts, chunk.subarray(from, at + 1)]);
      from = at + 1;
      parts = [];
      size = 0;
    }
    parts.push(chunk.subarray(from));
    size += chunk.length - from;
    if (size > maxLineBytes) throw new ProblemError(toTooLong());
  }
  // The last line may come without its newline; the reader of our lines wants one.
  if (size > 0) yield Buffer.concat([...parts, Buffer.from('\n')]);
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
