import { describe, expect, it } from 'vitest';
import { createVirtualServer, round } from './virtual-server.ts';

const [a, b, c] = [round('a'), round('b'), round('c')];

describe('the order of loads', () => {
  it('is that of arrival: one that waits for room blocks those behind it that would fit', () => {
    const [large, larger] = ['large', 'larger'].map((name) => round(name, { sizeBytes: 5e9 })) as [typeof a, typeof a];
    const { clock, send } = createVirtualServer({ models: [large, larger, a], maxLoaded: 3, memoryBytes: 8e9 });
    send('large', { outputTokens: 50 });
    clock.run(2000);
    const [blocking, fits] = [send('larger'), send('a')];
    clock.runAll();
    expect([blocking.loadedAtMs, fits.loadedAtMs]).toEqual([6500 + 1000, 6500 + 2000]);
  });

  it('does not hold up whoever asks for what is loaded', () => {
    const { clock, send } = createVirtualServer({ models: [a, b], parallel: 2, maxLoaded: 2, fateOf: hang('b') });
    send('a');
    send('b');
    clock.run(5000);
    const passing = send('a');
    clock.run(1000);
    expect(passing.end?.kind).toBe('answered');
  });

  it('does not let a request join a load that another has caused: it waits in the queue', () => {
    const { clock, send } = createVirtualServer({ models: [a, b] });
    const order = [send('a'), send('b')];
    clock.run(500);
    order.push(send('a'));
    clock.runAll();
    expect(order.map(({ loadedAtMs }) => loadedAtMs)).toEqual([1000, 3000, 5000]);
  });

  it('is passed by requests for a model that has not left yet, which may starve the others', () => {
    const { clock, send } = createVirtualServer({ models: [a, b] });
    send('a');
    clock.run(1500);
    const starving = send('b');
    for (let turn = 0; turn < 20; turn++) {
      send('a');
      clock.run(900);
    }
    expect(starving.loadedAtMs).toBeUndefined();
    clock.runAll();
    expect(starving.end?.kind).toBe('answered');
  });
});

describe('eviction', () => {
  const three = { models: [a, b, c], maxLoaded: 2 };

  it('takes the idle model with the shortest keep_alive first, then by name', () => {
    const { clock, send, loaded } = createVirtualServer(three);
    send('a', { keepAliveMs: 600_000 });
    send('b', { keepAliveMs: 60_000 });
    clock.run(10_000);
    send('c');
    clock.run(10_000);
    expect(loaded()).toEqual(['a:latest', 'c:latest']);
    send('b', { keepAliveMs: 600_000 });
    clock.run(10_000);
    send('c');
    clock.run(10_000);
    expect(loaded()).toEqual(['b:latest', 'c:latest']);
  });

  it('takes an idle model before one in use', () => {
    const { clock, send, loaded } = createVirtualServer(three);
    send('a', { keepAliveMs: 1000, outputTokens: 10_000 });
    send('b');
    clock.run(10_000);
    send('c');
    clock.run(10_000);
    expect(loaded()).toEqual(['a:latest', 'c:latest']);
  });

  it('makes room in memory, one model after another, and leaves a fifth of what is free', () => {
    const big = round('big', { sizeBytes: 5e9 });
    const { clock, send, loaded } = createVirtualServer({ models: [a, b, big], maxLoaded: 3, memoryBytes: 8e9 });
    for (const name of ['a', 'b']) send(name);
    clock.run(10_000);
    send('big');
    clock.run(10_000);
    expect(loaded()).toEqual(['b:latest', 'big:latest']);
  });

  it('counts the context of each slot as memory', () => {
    const wide = round('wide', { sizeBytes: 1e9, contextBytes: 100_000 });
    const { clock, send, scheduler } = createVirtualServer({ models: [wide], parallel: 4 });
    send('wide', { numCtx: 8192 });
    clock.run(2000);
    expect(scheduler.loaded.get('wide:latest')?.memoryBytes).toBe(1e9 + 4 * 8192 * 100_000);
  });

  it('waits until the memory of the victim is free again', () => {
    const { clock, send } = createVirtualServer({ models: [a, b], unloadMs: 5000 });
    send('a');
    clock.run(2000);
    const next = send('b');
    clock.run(10_000);
    expect(next.loadedAtMs).toBe(2000 + 5000 + 1000);
  });
});

describe('keep_alive', () => {
  it('has an idle model leave after five minutes, counted from its last request', () => {
    const { clock, send, loaded } = createVirtualServer({ models: [a] });
    send('a');
    clock.run(200_000);
    send('a');
    clock.run(300_000);
    expect(loaded()).toEqual(['a:latest']);
    clock.run(2000);
    expect(loaded()).toEqual([]);
  });

  it('stays what the last request said that said anything', () => {
    const { clock, send, loaded } = createVirtualServer({ models: [a] });
    send('a', { keepAliveMs: Infinity });
    clock.run(10_000);
    send('a');
    clock.run(3600_000);
    expect(loaded()).toEqual(['a:latest']);
    send('a', { keepAliveMs: 0 });
    clock.run(1000);
    expect(loaded()).toEqual([]);
  });

  it('of an unload has the model leave once it is idle', () => {
    const { clock, send, loaded, scheduler } = createVirtualServer({ models: [a] });
    send('a');
    clock.run(1500);
    scheduler.unload('a:latest');
    expect(loaded()).toEqual(['a:latest']);
    clock.run(500);
    expect(loaded()).toEqual([]);
  });
});

describe('a request that gave up while it waited for a load', () => {
  it('keeps its place in the queue until its turn comes', () => {
    const { clock, send } = createVirtualServer({ models: [a], maxQueue: 1, fateOf: hang('a') });
    const owner = send('a');
    clock.run(0);
    send('a').hangUp();
    const waiting = send('a');
    clock.run(0);
    waiting.hangUp();
    const refused = send('a');
    clock.run(0);
    expect(refused.end).toEqual({ kind: 'failed', reason: 'busy' });
    owner.hangUp();
    const accepted = send('a');
    clock.run(0);
    expect(accepted.end).toBeUndefined();
  });
});

describe('a load', () => {
  it('that crashes fails its request, and is tried again for the next', () => {
    let crashes = 1;
    const { clock, send, loads } = createVirtualServer({
      models: [a],
      fateOf: () => (crashes-- > 0 ? 'crash' : 'load'),
    });
    const [first, second] = [send('a'), send('a')];
    clock.runAll();
    expect(first.end).toEqual({ kind: 'failed', reason: 'crashed' });
    expect([second.end?.kind, loads()]).toEqual(['answered', { 'a:latest': 1 }]);
  });

  it('that hangs holds up all others, until its client hangs up', () => {
    let hangs = 1;
    const { clock, send } = createVirtualServer({ models: [a, b], fateOf: () => (hangs-- > 0 ? 'hang' : 'load') });
    const [owner, waiting] = [send('a'), send('b')];
    clock.run(3600_000);
    expect(waiting.end).toBeUndefined();
    owner.hangUp();
    clock.run(1000);
    expect(waiting.loadedAtMs).toBe(3_601_000);
  });

  it('of a model larger than the memory is refused', () => {
    const huge = round('huge', { sizeBytes: 9e9 });
    const { clock, send } = createVirtualServer({ models: [huge] });
    const sent = send('huge');
    clock.runAll();
    expect(sent.end).toEqual({ kind: 'failed', reason: 'too-large' });
  });
});

describe('slots', () => {
  it('are taken in the order of arrival', () => {
    const { clock, send } = createVirtualServer({ models: [a], parallel: 2 });
    const sent = Array.from({ length: 4 }, () => send('a', { promptTokens: 0, outputTokens: 10 }));
    clock.runAll();
    expect(sent.map(({ endedAtMs = 0 }) => Math.round(endedAtMs))).toEqual([2430, 2430, 3860, 3860]);
  });

  it('are one for a model that makes vectors, whatever the server is told', () => {
    const embedder = round('embedder', { capabilities: ['embedding'] });
    const { clock, send } = createVirtualServer({ models: [embedder], parallel: 4 });
    const sent = [1, 2].map(() => send('embedder', { promptTokens: 100, outputTokens: 0 }));
    clock.runAll();
    expect(sent.map(({ endedAtMs }) => endedAtMs)).toEqual([2000, 3000]);
  });
});

describe('tokens', () => {
  it('come one after another at the rate of the model', () => {
    const { clock, send } = createVirtualServer({ models: [a] });
    const { tokenTimesMs } = send('a', { outputTokens: 3 }, true);
    clock.runAll();
    expect(tokenTimesMs.map(Math.round)).toEqual([1600, 1700, 1800]);
  });

  it('stop when the client hangs up on hearing one', () => {
    const { clock, send } = createVirtualServer({ models: [a] });
    const sent = send('a', { outputTokens: 3 }, true);
    clock.run(1600);
    sent.hangUp();
    clock.runAll();
    expect([sent.tokenTimesMs.map(Math.round), sent.end]).toEqual([[1600], undefined]);
  });
});

function hang(model: string) {
  return (name: string) => (name === `${model}:latest` ? ('hang' as const) : ('load' as const));
}
