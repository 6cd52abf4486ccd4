import { points } from '../points.ts';
import { boost, defineRule } from '../define-rule.ts';
import { isMadeForAnother } from './kind.ts';

/** Saves a load where nothing else decides; a specialist for other work is not taken for being there. */
export const loaded = defineRule({
  name: 'loaded',
  summary: 'Among equals, a model that is in memory already',
  apply: (option, { kind }) =>
    option.installed?.loaded && !isMadeForAnother(option.model, kind)
      ? boost(option, points.loaded, 'already loaded')
      : option,
});
