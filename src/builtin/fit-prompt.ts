import type { ChatMessage, LlamaModel } from './llama-engine.ts';

/** Cuts as a server does: the first `keep` tokens stay, and as many of the last as fit. */
export function fitTokens(tokens: readonly number[], limit: number, keep: number): readonly number[] {
  if (tokens.length <= limit) return tokens;
  const head = Math.min(Math.max(0, keep), limit - 1);
  return [...tokens.slice(0, head), ...tokens.slice(tokens.length - (limit - head))];
}

/**
 * The longest end of a conversation that fits: the oldest messages are dropped first, system messages and the last
 * message never. What remains may still be too long.
 */
export function fitMessages(llama: LlamaModel, messages: readonly ChatMessage[], limit: number): number[] {
  let kept = [...messages];
  let prompt = llama.renderChat(kept);
  while (prompt.length > limit) {
    const oldest = kept.findIndex((message, at) => message.role !== 'system' && at < kept.length - 1);
    if (oldest < 0) return prompt;
    kept = kept.toSpliced(oldest, 1);
    prompt = llama.renderChat(kept);
  }
  return prompt;
}
