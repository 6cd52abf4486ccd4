import { expect, test } from 'vitest';
import { findCodeBlocks, isLanguage } from '../../../src/lib/find-code.ts';

const block = (language: string, code: string, isClosed = true) => ({ language, code, isClosed });

test.each<[string, string, ReturnType<typeof findCodeBlocks>]>([
  ['a block with its language', '```python\nx = 1\n```', [block('python', 'x = 1')]],
  ['prose around it', 'Here:\n```js\na\n\nb\n```\nDone.', [block('js', 'a\n\nb')]],
  ['several blocks', '```a\n1\n```\n~~~b\n2\n~~~', [block('a', '1'), block('b', '2')]],
  ['a longer fence that holds a shorter one', '````md\n```js\nx\n```\n````', [block('md', '```js\nx\n```')]],
  ['a block within a list', '1. Do\n   ```sh\n   ls\n     -l\n   ```', [block('sh', 'ls\n  -l')]],
  ['lines that end as on Windows', '```c\r\nx;\r\n```\r\n', [block('c', 'x;')]],
  ['a block that is not closed', '```go\nfunc', [block('go', 'func', false)]],
  ['a title behind the language', '```Python title="x.py"\n1\n```', [block('python', '1')]],
  ['a language in braces', '```{.python}\n1\n```', [block('python', '1')]],
  ['an empty block', '```\n```', [block('', '')]],
  ['backticks in a sentence', 'use ```x``` here', []],
  ['no block', 'nothing', []],
])('of %s the blocks are found', (_what, text, expected) => {
  expect(findCodeBlocks(text)).toEqual(expected);
});

test.each([
  ['js', 'JavaScript', true],
  ['typescript', 'ts', true],
  ['sh', 'bash', true],
  ['python', 'py', true],
  ['java', 'javascript', false],
  ['constructor', 'js', false],
])('a block of %s is one of %s: %s', (language, wanted, expected) => {
  expect(isLanguage(block(language, ''), wanted)).toBe(expected);
});
