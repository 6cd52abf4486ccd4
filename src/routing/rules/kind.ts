import type { Kind } from '../../lib/kinds.ts';
import { boost, defineRule } from '../define-rule.ts';

const specialists: Partial<Record<Kind, RegExp>> = {
  code: /code|coder|devstral|codestral|granite-code|stable-code/i,
  math: /math|numina/i,
  translation: /translat|alma|tower/i,
};

/** A model made for the kind of work, told by its name. */
export const kind = defineRule({
  name: 'kind',
  summary: 'A model made for the kind of work',
  apply: (option, question) =>
    specialists[question.kind]?.test(option.model) === true ? boost(option, 100, `made for ${question.kind}`) : option,
});
