import { ProblemError } from '../errors/problem.ts';
import type { Host } from '../host/host.ts';

/** The text of a flag: `@` and one word is read from that file, bytes as they are; `@@word` is the literal `@word`. */
export async function readTextFlag(flag: string, value: string, host: Host): Promise<string> {
  if (!/^@\S+$/.test(value)) return value;
  return value.startsWith('@@') ? value.slice(1) : readFile(flag, value.slice(1), host);
}

/** The text of the file a flag names; `-` is stdin. */
export async function readFileOrStdin(flag: string, file: string, host: Host): Promise<string> {
  return file === '-' ? decode(flag, 'stdin', await readStdin(host)) : readFile(flag, file, host);
}

async function readFile(flag: string, file: string, { files }: Host): Promise<string> {
  const bytes = await files.read(file).catch((error: unknown) => {
    throw unreadable(flag, file, reasons[(error as NodeJS.ErrnoException).code ?? ''] ?? (error as Error).message);
  });
  return decode(flag, file, bytes);
}

async function readStdin({ io }: Host): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of io.stdin) chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  return Buffer.concat(chunks);
}

function decode(flag: string, source: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable(flag, source, 'it is not text in UTF-8');
  }
}

function unreadable(flag: string, source: string, why: string): ProblemError {
  return new ProblemError({ code: 'file-unreadable', message: `${flag}: cannot read ${source}: ${why}` });
}

const reasons: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
};
