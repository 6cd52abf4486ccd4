import { expect, test } from 'vitest';
import { formatBytes } from '../../../src/lib/format-bytes.ts';

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1 KB'],
  [1_500, '1.5 KB'],
  [98_765_432, '98 MB'],
  [1_540_000_000, '1.5 GB'],
  [9_960_000, '10.0 MB'],
  [20_300_000_000, '20 GB'],
  [5e15, '5000 TB'],
])('%d bytes read %s, as Ollama shows them', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
