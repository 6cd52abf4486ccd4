import { normalizeModelName } from '../../ollama/model-name.ts';
import { points } from '../points.ts';
import { boost, defineRule } from '../define-rule.ts';

export const defaultModel = defineRule({
  name: 'default-model',
  summary: "The agent's default_model",
  apply: (option, { default_model }) => {
    if (default_model === undefined || normalizeModelName(default_model) !== normalizeModelName(option.model))
      return option;
    return boost(option, points.isDefault, 'default_model');
  },
});
