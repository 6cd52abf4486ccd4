import { normalizeModelName } from '../../ollama/model-name.ts';
import { points } from '../points.ts';
import { boost, defineRule } from '../define-rule.ts';

/** `routing_preferences` of the agent: a kind of work wins over a task type. What users say wins over what names tell. */
export const preference = defineRule({
  name: 'preference',
  summary: "The agent's routing_preferences, by kind of work or task type",
  apply: (option, { kind, type, preferences }) => {
    const model = normalizeModelName(option.model);
    const key = [kind, type].find((each) => isNamed(preferences[each], model));
    return key === undefined
      ? option
      : boost(option, key === kind ? points.preferredForKind : points.preferredForType, `routing_preferences.${key}`);
  },
});

function isNamed(wanted: string | undefined, model: string): boolean {
  return wanted !== undefined && normalizeModelName(wanted) === model;
}
