import { defineRule, drop } from '../define-rule.ts';

/** Cloud models need not be installed: servers pass explicit cloud names on. */
export const installed = defineRule({
  name: 'installed',
  summary: 'Only models that are installed are used',
  apply: (option) => {
    if (option.installed || /:([^:/]*-)?cloud$/i.test(option.model)) return option;
    return drop(option, 'model-missing', `model '${option.model}' is not installed on ${option.host.url}`);
  },
});
