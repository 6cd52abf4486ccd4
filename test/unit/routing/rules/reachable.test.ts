import { expect, test } from 'vitest';
import { reachable } from '../../../../src/routing/rules/reachable.ts';
import { downHost, hostOf } from '../fleet.ts';
import { effectOf, optionOf, questionOf } from './option.ts';

test.each([
  [hostOf('http://a'), [0]],
  [downHost('http://a'), [0, 'host-unreachable', 'no server answers at http://a']],
])('on %o: %j', (host, effect) => {
  expect(effectOf(reachable.apply(optionOf('llama2', { host }), questionOf()))).toEqual(effect);
});
