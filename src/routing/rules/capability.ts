import type { Capability } from '../../ollama/wire.ts';
import { points } from '../points.ts';
import { boost, defineRule, drop, type RouteOption } from '../define-rule.ts';

/**
 * A list the server does not give counts as unknown: nothing is dropped then, but a model that is known to have what
 * few have comes first, then one whose name speaks for it.
 */
export const capability = defineRule({
  name: 'capability',
  summary: 'The model must be able to do what the task needs',
  apply: (option, { needs }) => {
    const known = option.installed?.capabilities;
    if (!known) return judgeByName(option, needs.includes('embedding'));
    const missing = needs.filter((need) => !known.includes(need));
    if (missing.length > 0) return drop(option, 'model-incapable', `${option.model} lacks ${missing.join(' and ')}`);
    const special = needs.flatMap((need) => words[need] ?? []);
    return special.length === 0 ? option : boost(option, points.able, `can ${special.join(' and ')}`);
  },
});

/** What not every model can do. */
const words: Partial<Record<Capability, string>> = { embedding: 'embed', vision: 'see images', thinking: 'think' };

const embeddingName = /embed|minilm|\bbge|\be5\b|\bgte\b/i;

function judgeByName(option: RouteOption, needsEmbedding: boolean): RouteOption {
  if (!embeddingName.test(option.model)) return option;
  return boost(option, needsEmbedding ? points.ableByName : -points.ableByName, 'an embedding model by its name');
}
