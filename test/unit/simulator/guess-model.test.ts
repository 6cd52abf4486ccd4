import { describe, expect, it } from 'vitest';
import { guessModel } from '../../../src/simulator/guess-model.ts';

describe('what a model can do, by its name', () => {
  it.each([
    ['llama3.2', ['completion', 'tools']],
    ['llama3', ['completion']],
    ['llama3.2-vision:11b', ['completion', 'vision']],
    ['qwen2.5vl:7b', ['completion', 'vision']],
    ['gemma3:4b', ['completion', 'vision']],
    ['llava', ['completion', 'vision']],
    ['codellama', ['completion']],
    ['qwen3:8b', ['completion', 'tools', 'thinking']],
    ['qwen3-coder:30b', ['completion', 'tools']],
    ['deepseek-r1:1.5b', ['completion', 'thinking']],
    ['gpt-oss:20b', ['completion', 'tools', 'thinking']],
    ['nomic-embed-text', ['embedding']],
    ['all-minilm', ['embedding']],
    ['bge-m3', ['embedding']],
    ['qwen3-embedding:0.6b', ['embedding']],
  ])('%s', (name, capabilities) => {
    expect(guessModel({ name }).capabilities).toEqual(capabilities);
  });
});

it.each([
  ['smollm2:135m', 83_700_000],
  ['llama3.1:8b', 4_960_000_000],
  ['qwen2.5:0.5b', 310_000_000],
  ['llama3.2', 2_000_000_000],
  ['mistral', 4_400_000_000],
  ['all-minilm', 274_000_000],
])('%s has a size that its name tells', (name, sizeBytes) => {
  expect(guessModel({ name }).sizeBytes).toBe(sizeBytes);
});

it('has larger models load and answer more slowly', () => {
  const [small, large] = [guessModel({ name: 'x:1b' }), guessModel({ name: 'x:8b' })];
  expect(small.loadMs).toBeLessThan(large.loadMs);
  expect(small.tokensPerSecond).toBeGreaterThan(large.tokensPerSecond);
});

it('keeps what was said, and gives the name its tag', () => {
  const said = { sizeBytes: 1e9, loadMs: 5, contextLength: 8192, tokensPerSecond: 3, slots: 2 };
  expect(guessModel({ name: 'Mine', ...said })).toMatchObject({ name: 'mine:latest', ...said });
});
