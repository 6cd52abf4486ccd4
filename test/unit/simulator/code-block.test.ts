import { expect, it } from 'vitest';
import { findCodeBlocks } from '../../../src/lib/find-code.ts';
import { codeBlockFor } from '../../../src/simulator/code-block.ts';

it.each([
  ['Write a Python function', 'python'],
  ['a helper in TypeScript, please', 'typescript'],
  ['how would I say it in Go?', 'go'],
  ['a SQL query', 'sql'],
  ['some code', ''],
])('%j gets a block of %s that can be found', (prompt, language) => {
  const block = codeBlockFor(prompt) ?? '';
  const text = expect.stringContaining('simulated') as string;
  expect(findCodeBlocks(block)).toEqual([{ language, code: text, isClosed: true }]);
});

it('has none for prompts that want none', () => {
  expect(codeBlockFor('What is the capital of France? Go on.')).toBeUndefined();
});
