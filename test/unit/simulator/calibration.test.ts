// What was measured on a real server (0.24, two cores, a model of 98 MB, room for one model), asked of the simulator.
import { describe, expect, it } from 'vitest';
import { rehearse, type RehearsedRequest } from '../../../src/simulator/rehearse.ts';
import { createVirtualServer, round } from './virtual-server.ts';

const measured = { sizeBytes: 98e6, contextBytes: 0, loadMs: 630, tokensPerSecond: 70, promptTokensPerSecond: 140 };
const models = ['llama3.2', 'codellama'].map((name) => ({ name, ...measured }));
/** Reading the header of such a model takes a core 87 ms: 600 at once were refused or answered from the 26th second on. */
const machine = { models, cores: 2, prepareMs: 87 };
const request = (model: string): RehearsedRequest => ({ model, promptTokens: 10, outputTokens: 5 });

describe('a burst of 600 requests', () => {
  const burst = Array.from({ length: 600 }, () => request('llama3.2'));

  it('is answered whole by a model that is loaded', () => {
    expect(rehearse(burst, { ...machine, loaded: [{ model: 'llama3.2' }] })).toMatchObject({ refused: 0, loads: 0 });
  });

  it('is refused in 87 cases by a model that is not: one loads, 512 wait', () => {
    expect(rehearse(burst, machine)).toMatchObject({ refused: 87, loads: 1 });
  });

  it('is refused no sooner than after 26 seconds: all of them read the header of the model first', () => {
    const sorted = rehearse(burst, machine).endedAtMs.sort((a, b) => a - b);
    expect(Math.floor((sorted[0] ?? 0) / 1000)).toBe(26);
  });
});

describe('20 requests for two models in turn, with room for one', () => {
  const inTurn = Array.from({ length: 20 }, (_, index) => request(index % 2 === 0 ? 'llama3.2' : 'codellama'));

  it('cause 13 loads in 12 seconds when all are sent at once', () => {
    const { loads, ms } = rehearse(inTurn, { ...machine, maxLoaded: 1 });
    expect([loads, Math.round(ms / 1000)]).toEqual([13, 12]);
  });

  it('cause about 13 loads in whatever order chance lets them arrive', () => {
    const loads = Array.from({ length: 300 }, (_, seed) => rehearse(inTurn, { ...machine, maxLoaded: 1, seed }).loads);
    expect(Math.round(loads.reduce((sum, count) => sum + count, 0) / loads.length)).toBe(13);
  });

  it('cause 20 loads one after another', () => {
    expect(rehearse(inTurn, { ...machine, maxLoaded: 1, inFlight: 1 }).loads).toBe(20);
  });

  it('cause 2 loads in 5 seconds, model by model', () => {
    const first = inTurn.filter(({ model }) => model === 'llama3.2');
    const needs = first.map((_, index) => index);
    const then = inTurn.filter(({ model }) => model === 'codellama').map((each) => ({ ...each, needs }));
    const { loads, ms } = rehearse([...first, ...then], { ...machine, maxLoaded: 1 });
    expect([loads, Math.round(ms / 1000)]).toEqual([2, 5]);
  });
});

describe('64 texts to embed', () => {
  const embedder = { name: 'all-minilm', promptTokensPerSecond: 7 / 0.0084 };
  const machine = { models: [embedder], loaded: [{ model: 'all-minilm' }], cores: 2, prepareMs: 27 };
  const text = { model: 'all-minilm', promptTokens: 7, outputTokens: 0 };
  const each = Array.from({ length: 64 }, () => text);
  const seconds = ({ ms }: { ms: number }): number => Math.round(ms / 100) / 10;

  it('take half a second in one call, and a second and more in 64', () => {
    expect(seconds(rehearse([{ ...text, promptTokens: 7 * 64 }], machine))).toBe(0.6);
    expect(seconds(rehearse(each, machine))).toBe(1.2);
    expect(seconds(rehearse(each, { ...machine, inFlight: 1 }))).toBe(2.5);
  });
});

describe('a keep_alive for a model that is to be evicted', () => {
  function deadlock(keepAliveMs: number) {
    const server = createVirtualServer({ models: [round('a'), round('b')] });
    server.send('a');
    server.clock.run(1200);
    const waiting = server.send('b');
    server.clock.run(100);
    server.send('a', { keepAliveMs });
    return { ...server, waiting };
  }

  it('keeps everybody waiting who wants another model', () => {
    const { clock, waiting, loaded } = deadlock(Infinity);
    clock.run(24 * 3600_000);
    expect([waiting.end, loaded()]).toEqual([undefined, ['a:latest']]);
  });

  it('does so until it is over', () => {
    const { clock, waiting } = deadlock(60_000);
    clock.runAll();
    expect(waiting.loadedAtMs).toBe(1000 + 2 * 1000 + 60_000 + 1000);
  });

  it('is undone by an unload, at once', () => {
    const { clock, waiting, scheduler } = deadlock(Infinity);
    clock.run(60_000);
    scheduler.unload('a:latest');
    clock.run(1000);
    expect(waiting.loadedAtMs).toBe(clock.now());
  });

  it('leaves those alone who want the model itself', () => {
    const { clock, send } = deadlock(Infinity);
    clock.run(60_000);
    const other = send('a');
    clock.run(1000);
    expect(other.end?.kind).toBe('answered');
  });
});

describe('a client that hangs up', () => {
  it('while it waits for a slot, frees its place', () => {
    const { clock, send } = createVirtualServer({ models: [round('a')] });
    send('a');
    clock.run(1100);
    const leaver = send('a');
    const next = send('a');
    clock.run(100);
    leaver.hangUp();
    clock.runAll();
    expect([leaver.end, next.endedAtMs]).toEqual([undefined, 3000]);
  });

  it('while its model loads, has the load thrown away', () => {
    const { clock, send, loads, loaded } = createVirtualServer({ models: [round('a')] });
    const owner = send('a');
    clock.run(900);
    owner.hangUp();
    clock.run(60_000);
    expect([loads(), loaded()]).toEqual([{}, []]);
    const next = send('a');
    clock.runAll();
    expect([next.loadedAtMs, loads()]).toEqual([60_900 + 1000, { 'a:latest': 1 }]);
  });

  it('while its prompt is evaluated, leaves the work running in its slot', () => {
    const { clock, send } = createVirtualServer({ models: [round('a')] });
    const owner = send('a', { promptTokens: 4600 });
    clock.run(1100);
    owner.hangUp();
    const next = send('a');
    clock.runAll();
    expect(next.endedAtMs).toBe(1000 + 46_000 + 1000);
  });

  it('while it is answered, frees its slot at once', () => {
    const { clock, send } = createVirtualServer({ models: [round('a')] });
    const owner = send('a', { outputTokens: 1000 });
    clock.run(1600);
    owner.hangUp();
    const next = send('a');
    clock.runAll();
    expect(next.endedAtMs).toBe(1600 + 1000);
  });
});

describe('num_ctx', () => {
  it('causes no load when it is the default spelled out, and one with each other value', () => {
    const { clock, send, loads } = createVirtualServer({ models: [round('a')] });
    for (const numCtx of [undefined, 4096, 2048, undefined, 4096, 500_000, 131_072]) {
      send('a', { numCtx });
      clock.run(10_000);
    }
    expect(loads()).toEqual({ 'a:latest': 4 });
  });
});

describe('the parts of the time of an answer', () => {
  it('hold the wait for the other model to leave in that of the load', () => {
    const { clock, send } = createVirtualServer({ models: [round('a'), round('b')] });
    send('a', { outputTokens: 50 });
    clock.run(1000);
    const second = send('b');
    clock.runAll();
    const timing = { totalMs: 7500, loadMs: 6500, promptMs: 500, outputMs: 500 };
    expect(second.end).toEqual({ kind: 'answered', timing });
  });

  it('hold the wait for a slot nowhere but in the total', () => {
    const { clock, send } = createVirtualServer({ models: [round('a')] });
    send('a');
    clock.run(1000);
    const second = send('a');
    clock.runAll();
    expect(second.end).toEqual({
      kind: 'answered',
      timing: { totalMs: 2000, loadMs: 0, promptMs: 500, outputMs: 500 },
    });
  });

  it('shrink by the evaluation of a prompt that was evaluated before', () => {
    const { clock, send } = createVirtualServer({ models: [round('a')] });
    const prompt = 'the same words'.repeat(10);
    send('a', { prompt });
    clock.run(10_000);
    const again = send('a', { prompt });
    clock.run(10_000);
    expect(again.end).toMatchObject({ timing: { promptMs: 0, outputMs: 500 } });
  });
});

describe('a process of a model that is killed', () => {
  it('fails what it was at, and is loaded anew for the next request', () => {
    const { clock, send, scheduler, loads } = createVirtualServer({ models: [round('a')] });
    const running = send('a');
    const waiting = send('a');
    clock.run(1700);
    scheduler.kill(scheduler.loaded.get('a:latest')!);
    expect([running.end, waiting.end]).toEqual(Array(2).fill({ kind: 'failed', reason: 'killed' }));
    const next = send('a');
    clock.runAll();
    expect([next.end?.kind, loads()]).toEqual(['answered', { 'a:latest': 2 }]);
  });
});

describe('the throughput of a model', () => {
  const tokensPerSecond = (inFlight: number, parallel: number): number => {
    const fast = round('a', { tokensPerSecond: 42, promptTokensPerSecond: 1e6 });
    const all = Array.from({ length: 64 }, () => ({ model: 'a', promptTokens: 1, outputTokens: 100 }));
    const { ms } = rehearse(all, { models: [fast], loaded: [{ model: 'a' }], parallel, inFlight, prepareMs: 0 });
    return Math.round((64 * 100 * 1000) / ms);
  };

  it('with one slot does not depend on how many are on their way', () => {
    expect([1, 2, 4, 8].map((inFlight) => tokensPerSecond(inFlight, 1))).toEqual([42, 42, 42, 42]);
  });

  it('with four slots grows to 1.7 times that of one, and no further', () => {
    const [one = 0, ...more] = [1, 2, 4, 8].map((inFlight) => tokensPerSecond(inFlight, 4));
    expect(one).toBe(42);
    expect(more.map((rate) => Math.round((10 * rate) / one) / 10)).toEqual([1.4, 1.7, 1.7]);
  });
});
