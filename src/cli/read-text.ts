import type { Host } from '../host/host.ts';
import { readStdin, readTextFile } from '../host/read-text.ts';

/** The text of a flag: `@` and one word is read from that file, bytes as they are; `@@word` is the literal `@word`. */
export async function readTextFlag(value: string, host: Host): Promise<string> {
  if (!/^@\S+$/.test(value)) return value;
  return value.startsWith('@@') ? value.slice(1) : readTextFile(value.slice(1), host);
}

/** The text of a file; `-` is stdin. */
export async function readFileOrStdin(file: string, host: Host): Promise<string> {
  return file === '-' ? readStdin(host.io.stdin) : readTextFile(file, host);
}
