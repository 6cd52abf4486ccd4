import { ProblemError } from '../errors/problem.ts';
import type { Host, Input } from './host.ts';

/** Largest file or stream of input we read. */
const maxInputBytes = 256 * 1024 * 1024;

/** The text of a file, byte for byte; throws `file-unreadable`, `input-too-large` or `prompt-not-text`. */
export async function readTextFile(path: string, { files }: Pick<Host, 'files'>): Promise<string> {
  return decodeText(await readFile(path, { files }), `file '${path}'`);
}

/** The bytes of a file the user named. */
export async function readFile(path: string, { files }: Pick<Host, 'files'>): Promise<Uint8Array> {
  const bytes = await files.read(path).catch((error: unknown) => {
    const { code = '', message } = error as NodeJS.ErrnoException;
    const reason = readErrors[code] ?? message;
    throw new ProblemError({ code: 'file-unreadable', message: `cannot read file '${path}': ${reason}`, cause: code });
  });
  if (bytes.length > maxInputBytes) throw tooLarge(`file '${path}'`);
  return bytes;
}

const readErrors: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};

/** The bytes of a file the user named, `-` for standard input. */
export function readBytes(file: string, host: Pick<Host, 'files' | 'io'>): Promise<Uint8Array> {
  return file === '-' ? readAll(host.io.stdin) : readFile(file, host);
}

/** All of standard input as text; throws as {@link readTextFile} does. */
export async function readStdin(stdin: Input): Promise<string> {
  return decodeText(await readAll(stdin), 'standard input');
}

async function readAll(stdin: Input): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stdin) {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
    size += bytes.length;
    if (size > maxInputBytes) throw tooLarge('standard input');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}

function decodeText(bytes: Uint8Array, place: string): string {
  try {
    // ignoreBOM keeps the mark: the text is passed on byte for byte.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ProblemError({ code: 'prompt-not-text', message: `${place} is not UTF-8 text` });
  }
}

function tooLarge(place: string): ProblemError {
  const message = `${place} is larger than ${maxInputBytes / 1024 / 1024} MiB`;
  return new ProblemError({ code: 'input-too-large', message });
}
