import { boost, defineRule, drop, type RouteOption } from '../define-rule.ts';

/** A list the server does not give counts as unknown: then the name decides the order, and nothing is dropped. */
export const capability = defineRule({
  name: 'capability',
  summary: 'The model must be able to do what the task needs',
  apply: (option, { needs }) => {
    const known = option.installed?.capabilities;
    if (!known) return judgeByName(option, needs.includes('embedding'));
    const missing = needs.filter((need) => !known.includes(need));
    if (missing.length === 0) return needs.includes('embedding') ? boost(option, 0, 'can embed') : option;
    return drop(option, 'model-incapable', `${option.model} lacks ${missing.join(' and ')}`);
  },
});

const embeddingName = /embed|minilm|\bbge|\be5\b|\bgte\b/i;

function judgeByName(option: RouteOption, needsEmbedding: boolean): RouteOption {
  const looksLikeEmbedding = embeddingName.test(option.model);
  if (needsEmbedding && looksLikeEmbedding) return boost(option, 5_000, 'an embedding model by its name');
  if (!needsEmbedding && looksLikeEmbedding) return boost(option, -5_000, 'an embedding model by its name');
  return option;
}
