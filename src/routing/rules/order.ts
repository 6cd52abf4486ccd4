import { points } from '../points.ts';
import { boost, defineRule } from '../define-rule.ts';

/** Without a reason of its own: it is what holds where there is none. */
export const order = defineRule({
  name: 'order',
  summary: "Among equals, the order of the agent's models",
  apply: (option) => (option.place === 0 ? option : boost(option, option.place * points.behind)),
});
