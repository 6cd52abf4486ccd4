import { normalizeModelName } from '../../ollama/model-name.ts';
import { boost, defineRule } from '../define-rule.ts';

/** `routing_preferences` of the agent: a kind of work wins over a task type. */
export const preference = defineRule({
  name: 'preference',
  summary: "The agent's routing_preferences, by kind of work or task type",
  apply: (option, { kind, type, preferences }) => {
    const key = preferences[kind] === undefined ? type : kind;
    const wanted = preferences[key];
    if (wanted === undefined || normalizeModelName(wanted) !== normalizeModelName(option.model)) return option;
    return boost(option, 1_000, `routing_preferences.${key}`);
  },
});
