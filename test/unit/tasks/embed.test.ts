import { expect, test } from 'vitest';
import { embed } from '../../../src/tasks/embed.ts';
import { recordingContext } from './recording-client.ts';

test('several texts share a request that must not cut them; each gets its vector', async () => {
  const context = recordingContext({ embed: [{ model: 'm', embeddings: [[0.1, 0.2], [0.3]] }] });
  expect(await embed.run([{ input: 'a', options: { num_ctx: 64 } }, { input: 'b' }], context)).toMatchObject([
    { output: '[0.1,0.2]', embedding: [0.1, 0.2] },
    { output: '[0.3]', embedding: [0.3] },
  ]);
  expect(context.requests).toEqual([{ model: 'm', input: ['a', 'b'], options: { num_ctx: 64 }, truncate: false }]);
});

test.each([
  [10, ['aaaa', 'b'], [8, 2]],
  [10, ['a', 'a', 'a'], [3, 4, 3]],
  [2, ['a', 'a', 'a'], [1, 0, 1]],
  [7, ['one'], [7]],
  [undefined, ['a', 'b'], [undefined, undefined]],
])('%s tokens are shared by %j as %j', async (prompt_eval_count, inputs, shares) => {
  const embeddings = inputs.map(() => [1]);
  const context = recordingContext({ embed: [{ model: 'm', embeddings, prompt_eval_count, total_duration: 5 }] });
  const outcomes = await embed.run(
    inputs.map((input) => ({ input })),
    context,
  );
  expect(outcomes.map(({ metrics }) => metrics?.prompt_eval_count)).toEqual(shares);
});

test('a vector too few is no answer', async () => {
  const context = recordingContext({ embed: [{ model: 'm', embeddings: [[1]] }] });
  await expect(embed.run([{ input: 'a' }, { input: 'b' }], context)).rejects.toMatchObject({
    problem: { code: 'output-invalid', message: 'http://127.0.0.1:11434 answered 1 vectors for 2 texts' },
  });
});

test('an empty vector is no answer', async () => {
  const context = recordingContext({ embed: [{ model: 'm', embeddings: [[1], []] }] });
  await expect(embed.run([{ input: 'a' }, { input: 'b' }], context)).rejects.toMatchObject({
    problem: { code: 'output-invalid', message: 'http://127.0.0.1:11434 answered with an empty vector' },
  });
});
