import { expect, test } from 'vitest';
import { splitPrompt } from '../../../../src/routing/classifier/split-prompt.ts';

test.each([
  'if [ $# -lt 2 ]; then',
  'TOTAL=$(df -h "$MOUNT" | grep -v "$NAME")',
  'const sum = a + b;',
  'def add(a, b):',
  'SELECT name FROM users',
  `export A=${'$B'.repeat(400)}`,
])('a line of a program is no prose: %s', (line) => {
  expect(splitPrompt(`Why is this slow?\n${line}`)).toMatchObject({ prose: 'Why is this slow?', codeLines: 1 });
});

test.each(['Let $N \\times N$ be its size;', '\\frac{1}{2};', 'From $5 to $10 (or less)'])(
  'a formula and a price are prose: %s',
  (line) => {
    expect(splitPrompt(line)).toMatchObject({ prose: line, codeLines: 0 });
  },
);
