import { boost, defineRule } from '../define-rule.ts';

/** The model the user named for the task; no other is offered then. */
export const pinned = defineRule({
  name: 'pinned',
  summary: 'A model named for the task is taken, and never replaced',
  apply: (option, question) => (question.pinned === undefined ? option : boost(option, 0, 'named for this task')),
});
