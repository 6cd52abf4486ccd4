import type { RoutingRule } from './define-rule.ts';
import { capability } from './rules/capability.ts';
import { defaultModel } from './rules/default-model.ts';
import { installed } from './rules/installed.ts';
import { kind } from './rules/kind.ts';
import { pinned } from './rules/pinned.ts';
import { preference } from './rules/preference.ts';
import { reachable } from './rules/reachable.ts';

/** All rules, in the order they are applied. A new one is a file in rules/ and a line in this list. */
export const routingRules: readonly RoutingRule[] = [
  pinned,
  reachable,
  installed,
  capability,
  preference,
  kind,
  defaultModel,
];
