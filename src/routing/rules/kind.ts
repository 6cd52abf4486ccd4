import type { Kind } from '../../lib/kinds.ts';
import { points } from '../points.ts';
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
    specialists[question.kind]?.test(option.model) === true
      ? boost(option, points.madeForKind, `made for ${question.kind}`)
      : option,
});

/** A model made for one kind of work, and not for this one. */
export function isMadeForAnother(model: string, asked: Kind): boolean {
  return specialists[asked]?.test(model) !== true && Object.values(specialists).some((name) => name.test(model));
}
