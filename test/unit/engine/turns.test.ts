import { expect, test } from 'vitest';
import { Turns, type LoadedPlace, type Seat } from '../../../src/engine/turns.ts';

const place = (key: string): LoadedPlace => ({ host: 'h', key });

/** A run with so many tasks per model, that starts as many at once as it may and notes them. */
function sit(turns: Turns, name: string, work: Record<string, number>, log: string[], { room = 1, most = 2 } = {}) {
  const left = new Map(Object.entries(work));
  const open: string[] = [];
  const tell = (): void => {
    for (const [key, waiting] of left) seat.want(place(key), waiting, room);
  };
  const pump = (): void => {
    for (const [key, waiting] of left) {
      // As a run does: nothing else while one model is at work.
      const isOther = open.some((other) => other !== key);
      for (let more = waiting; more > 0 && !isOther && open.length < most && seat.mayStart(place(key)); more -= 1) {
        left.set(key, more - 1);
        seat.start(place(key), 1);
        open.push(key);
        log.push(`${name}:${key}`);
      }
    }
    tell();
  };
  const seat: Seat = turns.join(pump);
  const add = (key: string, count: number): void => {
    left.set(key, (left.get(key) ?? 0) + count);
    pump();
  };
  const finish = (): boolean => {
    const key = open.shift();
    if (key === undefined) return false;
    seat.end(place(key));
    pump();
    return true;
  };
  return { pump, finish, add, leave: () => seat.leave(), isIdle: () => open.length === 0 };
}

const modelsOf = (log: string[]): string[] => {
  const models = log.map((entry) => entry.slice(-1));
  return models.filter((model, index) => model !== models[index - 1]);
};

function finishAll(...runs: { finish: () => boolean }[]): void {
  while (runs.map((run) => run.finish()).some(Boolean));
}

test('a run that is alone is never held up', () => {
  const log: string[] = [];
  const run = sit(new Turns(), '1', { a: 3, b: 3 }, log);
  run.pump();
  finishAll(run);
  expect(log.map((entry) => entry.slice(-1)).join('')).toBe('aaabbb');
});

test('a turn serves what waited when another model was asked for, then that has its turn', () => {
  const log: string[] = [];
  const turns = new Turns();
  const one = sit(turns, '1', { a: 3 }, log);
  const two = sit(turns, '2', { b: 2 }, log);
  one.pump();
  two.pump();
  one.add('a', 2);
  expect(log).toEqual(['1:a', '1:a']);
  finishAll(one, two);
  expect(log).toEqual(['1:a', '1:a', '1:a', '2:b', '2:b', '1:a', '1:a']);
});

test('runs that want the same model share its turn', () => {
  const log: string[] = [];
  const turns = new Turns();
  const one = sit(turns, '1', { a: 3, b: 3 }, log);
  const two = sit(turns, '2', { a: 3, b: 3 }, log);
  one.pump();
  two.pump();
  finishAll(one, two);
  expect(log).toHaveLength(12);
  expect(modelsOf(log).length).toBeLessThanOrEqual(4);
});

test('the model whose oldest task has waited longest is next', () => {
  const log: string[] = [];
  const turns = new Turns();
  const runs = [
    sit(turns, '1', { a: 1 }, log),
    sit(turns, '2', { c: 1 }, log),
    sit(turns, '3', { b: 1 }, log),
    sit(turns, '4', { c: 1 }, log),
  ];
  for (const run of runs) run.pump();
  finishAll(...runs);
  expect(modelsOf(log)).toEqual(['a', 'c', 'b']);
});

test('where there is room for two models two have their turns at once', () => {
  const log: string[] = [];
  const turns = new Turns();
  const runs = ['a', 'b', 'c'].map((key, index) => sit(turns, String(index), { [key]: 1 }, log, { room: 2 }));
  for (const run of runs) run.pump();
  expect(log).toEqual(['0:a', '1:b']);
  finishAll(...runs);
  expect(log).toEqual(['0:a', '1:b', '2:c']);
});

test('a run that leaves lets the others go on', () => {
  const log: string[] = [];
  const turns = new Turns();
  const one = sit(turns, '1', { a: 9 }, log);
  const two = sit(turns, '2', { b: 1 }, log);
  one.pump();
  two.pump();
  one.leave();
  expect(log.at(-1)).toBe('2:b');
});

test('a run that may start and does not, for reasons of its own, holds up nobody', () => {
  const log: string[] = [];
  const turns = new Turns();
  const busy = turns.join(() => undefined);
  const two = sit(turns, '2', { b: 2 }, log);
  busy.want(place('a'), 5, 1);
  two.pump();
  expect(log).toEqual(['2:b', '2:b']);
});

test('servers have turns of their own', () => {
  const turns = new Turns();
  const [one, two] = [turns.join(() => undefined), turns.join(() => undefined)];
  one.start({ host: 'h1', key: 'a' }, 1);
  expect(two.mayStart({ host: 'h1', key: 'b' })).toBe(false);
  expect(two.mayStart({ host: 'h2', key: 'b' })).toBe(true);
});

const at = place('a');

/** So many seats on one model, each with so many requests under way and tasks that wait. */
function seats(...stakes: { inFlight: number; waiting: number }[]): { seat: Seat; calls: number[] }[] {
  const turns = new Turns();
  return stakes.map(({ inFlight, waiting }) => {
    const calls: number[] = [];
    const seat = turns.join(() => calls.push(1));
    for (let started = 0; started < inFlight; started += 1) seat.start(at, 1);
    seat.want(at, waiting, 1);
    return { seat, calls };
  });
}

test('a seat that is alone may have under way all that pays', () => {
  const [alone] = seats({ inFlight: 1, waiting: 9 });
  expect([alone!.seat.share(at, 6), alone!.seat.underWay(at)]).toEqual([6, 1]);
});

test('seats with enough to do have equal parts', () => {
  const all = seats({ inFlight: 4, waiting: 9 }, { inFlight: 0, waiting: 9 });
  // The second one gets its part as the first one gives back what is more than its own.
  expect(all.map(({ seat }) => seat.share(at, 4))).toEqual([2, 1]);
  all[0]!.seat.end(at);
  all[0]!.seat.end(at);
  expect(all.map(({ seat }) => seat.share(at, 4))).toEqual([2, 2]);
});

test('what one does not need the others have', () => {
  const [busy, idle] = seats({ inFlight: 3, waiting: 9 }, { inFlight: 1, waiting: 0 });
  expect([busy!.seat.share(at, 8), busy!.seat.underWay(at)]).toEqual([7, 4]);
  idle!.seat.end(at);
  expect(busy!.seat.share(at, 8)).toBe(8);
});

test('each has one under way while there are fewer than 64, then it is called when one ends', () => {
  const [many, late] = seats({ inFlight: 63, waiting: 9 }, { inFlight: 0, waiting: 1 });
  expect(late!.seat.share(at, 2)).toBe(1);
  many!.seat.start(at, 1);
  expect(late!.seat.share(at, 2)).toBe(0);
  const before = late!.calls.length;
  many!.seat.end(at);
  expect(late!.calls.length).toBeGreaterThan(before);
  expect(late!.seat.share(at, 2)).toBe(1);
});
