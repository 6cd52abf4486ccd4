import type { RoutingRule } from './define-rule.ts';
import { capability } from './rules/capability.ts';
import { context } from './rules/context.ts';
import { defaultModel } from './rules/default-model.ts';
import { installed } from './rules/installed.ts';
import { kind } from './rules/kind.ts';
import { loaded } from './rules/loaded.ts';
import { measured } from './rules/measured.ts';
import { order } from './rules/order.ts';
import { pinned } from './rules/pinned.ts';
import { preference } from './rules/preference.ts';
import { reachable } from './rules/reachable.ts';

/** All rules, in the order they are applied. A new one is a file in rules/ and a line in this list. */
export const routingRules: readonly RoutingRule[] = [
  pinned,
  reachable,
  installed,
  capability,
  context,
  preference,
  kind,
  defaultModel,
  measured,
  loaded,
  order,
];
