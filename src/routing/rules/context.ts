import { defineRule, drop } from '../define-rule.ts';

/** Tokens are estimated. Where no model is left, those it dropped are offered after all: their server can count. */
export const context = defineRule({
  name: 'context',
  summary: 'The prompt must fit into the context of the model, unless `on_truncate` is `warn`',
  apply: (option, { prompt }) => {
    const length = prompt?.contextOf(option);
    if (!prompt || length === undefined || prompt.tokens <= length) return option;
    return drop(
      option,
      'prompt-too-long',
      `the prompt does not fit into ${option.model}, which holds ${length} tokens`,
    );
  },
});
