import type { Measured } from '../../ollama/fleet.ts';
import { points } from '../points.ts';
import { boost, defineRule, type RouteOption } from '../define-rule.ts';

/** Fewer tasks show nothing. */
const fewestTasks = 5;
const mostDoublings = 9;

/** A model that fails is moved back among equals; speed tells servers of one model apart, not models. */
export const measured = defineRule({
  name: 'measured',
  summary: 'How it did in earlier runs: one that mostly failed comes later, of two servers the faster one first',
  apply: (option) => {
    const known = option.installed?.measured;
    if (!known || known.tasks < fewestTasks) return option;
    const isFailing = known.completed < known.tasks / 2;
    return isFailing
      ? boost(option, points.failing, `${known.completed} of ${known.tasks} tasks succeeded lately`)
      : withSpeed(option, known);
  },
});

/** Whole doublings only: small differences are chance, and would make the choice waver. */
function withSpeed(option: RouteOption, { tokens_per_second: speed, tasks }: Measured): RouteOption {
  if (speed === undefined || speed < 2) return option;
  const doublings = Math.min(mostDoublings, Math.floor(Math.log2(speed)));
  return boost(option, doublings * points.twiceAsFast, `${Math.round(speed)} tokens/s over ${tasks} tasks`);
}
