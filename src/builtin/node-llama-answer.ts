// in: a prompt as tokens; out: the pieces of text that follow it
import type { AnswerRequest, LlamaModel, Sampling } from './llama-engine.ts';
import type { GrammarState, Llama, Model, NodeLlamaCpp, Sequence } from './node-llama-cpp.ts';

/**
 * Tokens evaluated at once. A native evaluation cannot be stopped, so this bounds the time to cancel one: half a second
 * on one slow core. Larger batches are no quicker on a CPU.
 */
export const evaluationBatch = 64;

/** Answers prompts one after another in one context. Batches that two prompts begin with are evaluated once. */
export function createAnswerer(
  library: NodeLlamaCpp,
  llama: Llama,
  model: Model,
  sequence: Sequence,
): LlamaModel['answer'] {
  /** What the context holds, as far as it was evaluated in whole batches: only that gives bit-equal results again. */
  let reusable: number[] = [];

  return async function* answer(request) {
    const { prompt, sampling, format, signal } = request;
    const grammar = format && (await createGrammarState(library, llama, model, format));
    await evaluatePrompt(request);
    request.onPromptEvaluated();

    const seen = [...prompt];
    forgetWhenFull(seen.length);
    const read = createDetokenizer(model, prompt);
    let said = '';
    const generation = sequence.evaluate(prompt.slice(-1), {
      ...toSampler(sampling, seen),
      ...(grammar && { grammarEvaluationState: grammar }),
    });
    for await (const token of generation) {
      signal.throwIfAborted();
      seen.push(token);
      forgetWhenFull(seen.length);
      const piece = read(token);
      yield piece;
      if (grammar && isWholeJson((said += piece))) return;
    }
  };

  /** A full context drops its beginning to go on. */
  function forgetWhenFull(length: number): void {
    if (length >= sequence.contextSize) reusable = [];
  }

  async function evaluatePrompt({ prompt, signal }: AnswerRequest): Promise<void> {
    let at = commonBatches(reusable, prompt);
    reusable = reusable.slice(0, at);
    if (at < sequence.nextTokenIndex)
      await sequence.eraseContextTokenRanges([{ start: at, end: sequence.nextTokenIndex }]);
    if (sequence.nextTokenIndex !== at) {
      await sequence.clearHistory();
      [at, reusable] = [0, []];
    }
    const end = prompt.length - 1;
    while (at < end) {
      signal.throwIfAborted();
      const batch = prompt.slice(at, Math.min(at + evaluationBatch, end));
      await sequence.evaluateWithoutGeneratingNewTokens(batch);
      if (batch.length === evaluationBatch) reusable.push(...batch);
      at += batch.length;
    }
    signal.throwIfAborted();
  }
}

/** Length of the common beginning in whole batches; the prompt's last token is never part of it. */
function commonBatches(held: readonly number[], prompt: readonly number[]): number {
  const most = Math.min(held.length, prompt.length - 1);
  let same = 0;
  while (same < most && held[same] === prompt[same]) same++;
  return same - (same % evaluationBatch);
}

function toSampler(sampling: Sampling, seen: readonly number[]): Parameters<Sequence['evaluate']>[1] {
  const last = sampling.repeat_last_n < 0 ? seen.length : sampling.repeat_last_n;
  return {
    temperature: sampling.temperature,
    topK: sampling.top_k,
    topP: sampling.top_p,
    minP: sampling.min_p,
    seed: sampling.seed,
    repeatPenalty: {
      punishTokens: () => (last === 0 ? [] : seen.slice(-last)),
      maxPunishTokens: Math.max(1, last),
      penalty: sampling.repeat_penalty,
      presencePenalty: sampling.presence_penalty,
      frequencyPenalty: sampling.frequency_penalty,
    },
  };
}

/** Text token by token; bytes of a character that is not whole yet are kept for the next token. */
function createDetokenizer(model: Model, prompt: readonly number[]): (token: number) => string {
  const before = prompt.slice(-4);
  let pending: number[] = [];
  return (token) => {
    pending.push(token);
    const text = model.detokenize(pending, false, before);
    if (text.endsWith('\uFFFD') && pending.length < 8) return '';
    before.splice(0, Math.max(0, before.length + pending.length - 4));
    before.push(...pending.slice(-4));
    pending = [];
    return text;
  };
}

async function createGrammarState(
  library: NodeLlamaCpp,
  llama: Llama,
  model: Model,
  format: NonNullable<AnswerRequest['format']>,
): Promise<GrammarState> {
  const grammar =
    format === 'json' ? await llama.getGrammarFor('json') : await llama.createGrammarForJsonSchema(format);
  return new library.LlamaGrammarEvaluationState({ model, grammar });
}

/** The grammars allow blank lines for ever after the value, and small models like to write them. */
function isWholeJson(text: string): boolean {
  if (!/[}\]"\s]$/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
