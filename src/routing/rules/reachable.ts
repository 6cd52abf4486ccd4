import { defineRule, drop } from '../define-rule.ts';

export const reachable = defineRule({
  name: 'reachable',
  summary: 'Only servers that answer are used',
  apply: (option) =>
    option.host.problem ? drop(option, option.host.problem.code, option.host.problem.message) : option,
});
