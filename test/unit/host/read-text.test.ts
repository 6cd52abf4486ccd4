import { expect, test } from 'vitest';
import { readFile, readStdin, readTextFile } from '../../../src/host/read-text.ts';
import { testHost } from '../../rig/test-host.ts';
import { problemsOfAsync } from '../spec/problems-of.ts';

const failing = (
  code: string,
  message = '',
): { files: { read: () => Promise<never>; append: () => Promise<void> } } => ({
  files: { read: () => Promise.reject(Object.assign(new Error(message), { code })), append: () => Promise.resolve() },
});

const pieces = (...chunks: (string | Uint8Array)[]): AsyncIterable<string | Uint8Array> => ({
  async *[Symbol.asyncIterator]() {
    for (const chunk of chunks) yield await Promise.resolve(chunk);
  },
});

test('a text file is read as it is, mark included', async () => {
  expect(await readTextFile('a.txt', testHost({ files: { 'a.txt': '\uFEFFä\r\n' } }))).toBe('\uFEFFä\r\n');
});

test.each([
  ['ENOENT', '', "cannot read file 'x': no such file"],
  ['EACCES', '', "cannot read file 'x': permission denied"],
  ['EISDIR', '', "cannot read file 'x': it is a folder"],
  ['EIO', 'EIO: i/o error, read', "cannot read file 'x': EIO: i/o error, read"],
])('%s is told in words', async (code, message, told) => {
  expect(await problemsOfAsync(readFile('x', failing(code, message)))).toEqual([
    { code: 'file-unreadable', message: told, cause: code },
  ]);
});

test('a file above the limit is refused', async () => {
  const size = 256 * 1024 * 1024 + 1;
  const files = { ...failing('').files, read: () => Promise.resolve({ length: size } as Uint8Array) };
  expect(await problemsOfAsync(readFile('x', { files }))).toEqual([
    { code: 'input-too-large', message: "file 'x' is larger than 256 MiB" },
  ]);
});

test('a character split over two pieces of stdin is whole again', async () => {
  const [first, second] = [Buffer.from('ä').subarray(0, 1), Buffer.from('ä').subarray(1)];
  expect(await readStdin(pieces('a', first, second))).toBe('aä');
});

test('stdin is not read on once it is above the limit', async () => {
  const piece = new Uint8Array(64 * 1024 * 1024);
  let given = 0;
  const endless: AsyncIterable<Uint8Array> = {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        given += 1;
        yield await Promise.resolve(piece);
      }
    },
  };
  expect(await problemsOfAsync(readStdin(endless))).toMatchObject([
    { code: 'input-too-large', message: 'standard input is larger than 256 MiB' },
  ]);
  expect(given).toBe(5);
});
