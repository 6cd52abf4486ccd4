import { expect, test } from 'vitest';
import { withMeasured } from '../../../src/app/measured-fleet.ts';
import { fleetOf, hostOf } from '../routing/fleet.ts';

test('models learn what was measured of them on their server, others stay as they are', () => {
  const fleet = fleetOf(hostOf('http://a', 'llama3.2', 'llama2'), hostOf('http://b', 'llama3.2'));
  const known = withMeasured(fleet, [{ host: 'http://a', model: 'llama3.2:latest', tasks: 3, completed: 2 }]);
  expect(known.hosts.map(({ models }) => models.map(({ measured }) => measured))).toEqual([
    [{ tasks: 3, completed: 2 }, undefined],
    [undefined],
  ]);
});

test('a fleet of which nothing was measured stays the same', () => {
  const fleet = fleetOf('llama3.2');
  expect(withMeasured(fleet, [])).toBe(fleet);
});
