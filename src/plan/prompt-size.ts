import type { PlannedTask } from '../events/plan-snapshot.ts';
import type { Warning } from '../events/run-document.ts';
import { estimateTokens } from '../lib/estimate-tokens.ts';
import type { Template } from '../spec/template/template.ts';
import { contextLength, modelKey } from './model-facts.ts';
import type { Plan, PlanTask } from './plan.ts';

export type PromptSize = Pick<PlannedTask, 'prompt_tokens' | 'prompt_incomplete' | 'context_length'> & {
  warning?: Warning | undefined;
};

/** Tells how large the prompt of a task is, and the context of the model it goes to. Texts that tasks share are counted once. */
export function createPromptSizer({ facts }: Pick<Plan, 'facts'>): (task: PlanTask) => PromptSize {
  const tokensOf = createTokenCounter();
  return (task) => {
    const { candidates, options, spec } = task;
    if (!spec.definition.needs) return {};
    const prompt_tokens = knownTexts(task).reduce((sum, text) => sum + tokensOf(text), 0);
    const [first] = candidates;
    const known = first && facts?.get(modelKey(first));
    const context_length = contextLength(known, options?.['num_ctx']);
    const fits = context_length === undefined || prompt_tokens <= context_length;
    return {
      prompt_tokens,
      ...(isIncomplete(task) && { prompt_incomplete: true }),
      ...(context_length !== undefined && { context_length }),
      ...(first && !fits && { warning: tooLarge(prompt_tokens, { model: first.model, context_length, ...known }) }),
    };
  };
}

/** A file or stdin may be in a thousand prompts. */
const worthKeeping = 500;

/** Estimates the tokens of texts; a long one that many prompts hold is looked at once. */
export function createTokenCounter(): (text: string) => number {
  const kept = new Map<string, number>();
  return (text) => {
    if (text.length < worthKeeping) return estimateTokens(text);
    const tokens = kept.get(text) ?? estimateTokens(text);
    kept.set(text, tokens);
    return tokens;
  };
}

/** Everything that is sent, as far as it is known before the run. */
export function knownTexts({ spec, system = '' }: Pick<PlanTask, 'spec' | 'system'>): string[] {
  const known = (template: Template): string[] => template.flatMap((each) => ('text' in each ? [each.text] : []));
  const before = spec.messages?.map(({ content }) => content) ?? [];
  return [...known(spec.prompt), ...(spec.system ? known(spec.system) : [system]), ...before];
}

function isIncomplete({ spec, needs }: PlanTask): boolean {
  const isOpen = [...spec.prompt, ...(spec.system ?? [])].some((segment) => !('text' in segment));
  return isOpen || (spec.context === 'previous' && needs.length > 0);
}

function tooLarge(
  tokens: number,
  {
    model,
    context_length,
    trainedContext,
  }: { model: string; context_length: number; trainedContext?: number | undefined },
): Warning {
  const hint = context_length < (trainedContext ?? 0) ? 'a larger num_ctx makes room' : 'it was trained for no more';
  const message = `the prompt has about ${tokens} tokens, the context of ${model} holds ${context_length}: ${hint}`;
  return { code: 'prompt-size', message };
}
