import { ProblemError } from '../errors/problem.ts';
import { defineTask, requireModel } from './define-task.ts';

/**
 * One text, one vector. Several calls share a request. The server would cut an over-long text in silence, so it is
 * told to refuse instead.
 */
export const embed = defineTask({
  type: 'embed',
  summary: 'Turn a text into a vector',
  uses: ['options'],
  kind: 'embedding',
  isRepeatable: true,
  needs: () => ['embedding'],
  batch: { max: 64 },
  run: async (calls, context) => {
    const { client, model } = requireModel(context);
    const request = { model, input: calls.map(({ input }) => input), options: calls[0]?.options, truncate: false };
    const { embeddings, ...answer } = await client.embed(request, context);
    if (embeddings.length !== calls.length) {
      const message = `${client.host} answered ${embeddings.length} vectors for ${calls.length} texts`;
      throw new ProblemError({ code: 'output-invalid', message, host: client.host });
    }
    if (embeddings.some(({ length }) => length === 0)) {
      const message = `${client.host} answered with an empty vector`;
      throw new ProblemError({ code: 'output-invalid', message, host: client.host });
    }
    const { total_duration, load_duration, prompt_eval_count } = answer;
    const shares = shareByLength(
      prompt_eval_count,
      calls.map(({ input }) => input.length),
    );
    return embeddings.map((embedding, index) => ({
      output: JSON.stringify(embedding),
      embedding,
      metrics: { total_duration, load_duration, prompt_eval_count: shares[index] },
    }));
  },
});

/** The server counts tokens per request, not per text: each text gets its share by length, the sum stays exact. */
function shareByLength(total: number | undefined, lengths: readonly number[]): (number | undefined)[] {
  if (total === undefined) return lengths.map(() => undefined);
  const all = lengths.reduce((sum, length) => sum + length, 0) || 1;
  let before = 0;
  return lengths.map((length) => {
    const start = Math.round((total * before) / all);
    before += length;
    return Math.round((total * before) / all) - start;
  });
}
