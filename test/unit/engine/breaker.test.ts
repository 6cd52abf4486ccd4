import { expect, test } from 'vitest';
import { Breaker } from '../../../src/engine/breaker.ts';
import { settled } from './engine-rig.ts';
import { ManualClock } from './manual-clock.ts';
import { unreachable } from './memory-ollama.ts';

const problem = unreachable('http://gpu1');

function start() {
  const clock = new ManualClock();
  const states: string[] = [];
  const server = { isUp: false, probes: 0 };
  const breaker = new Breaker({
    clock,
    probe: () => {
      server.probes += 1;
      return server.isUp ? Promise.resolve() : Promise.reject(new Error('gone'));
    },
    onChange: (state) => states.push(state),
  });
  const pass = async (ms: number) => {
    clock.advance(ms);
    await settled();
  };
  return { breaker, clock, states, server, pass };
}

test('a server that failed rests, is asked, and is up again once it answers', async () => {
  const { breaker, states, server, pass } = start();
  breaker.trip(problem);
  expect([breaker.state, breaker.problem]).toEqual(['resting', problem]);
  server.isUp = true;
  await pass(499);
  expect(server.probes).toBe(0);
  await pass(1);
  expect([breaker.state, breaker.problem, states]).toEqual(['up', undefined, ['resting', 'up']]);
});

test('each rest in vain is followed by one twice as long; after the third the server is down, and asked on', async () => {
  const { breaker, states, server, pass } = start();
  breaker.trip(problem);
  await pass(500);
  await pass(1_000);
  expect([server.probes, breaker.state]).toEqual([2, 'resting']);
  await pass(2_000);
  expect([server.probes, breaker.state, breaker.problem]).toEqual([3, 'down', problem]);
  server.isUp = true;
  await pass(4_000);
  expect(states).toEqual(['resting', 'down', 'up']);
});

test('the pauses are never longer than half a minute', async () => {
  const { breaker, clock, pass } = start();
  breaker.trip(problem);
  for (let probes = 0; probes < 20; probes += 1) await pass(clock.untilNext!);
  expect(clock.untilNext).toBe(30_000);
});

test('a server is rested once however many of its requests fail', () => {
  const { breaker, clock, states } = start();
  breaker.trip(problem);
  breaker.trip(problem);
  expect([clock.pending, states]).toEqual([1, ['resting']]);
});

test('a server that is given up is down at once, and used again when it comes back', async () => {
  const { breaker, states, server, pass } = start();
  breaker.giveUp(problem);
  server.isUp = true;
  await pass(500);
  expect(states).toEqual(['down', 'up']);
});

test('once closed nothing is asked any more', async () => {
  const { breaker, clock, server, states, pass } = start();
  breaker.trip(problem);
  const probed = pass(500);
  breaker.close();
  await probed;
  expect([clock.pending, server.probes, states]).toEqual([0, 1, ['resting']]);
});
