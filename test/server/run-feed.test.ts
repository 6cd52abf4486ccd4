import { expect, test } from 'vitest';
import type { RunEvent } from '../../src/events/event.ts';
import { RunFeed } from '../../src/server/run-feed.ts';
import { ManualClock } from '../unit/engine/manual-clock.ts';

const about = { at: '2026-01-01T00:00:00.000Z', run_id: 'r', task: 'a', task_id: 't' };

function started(seq: number): RunEvent {
  return { ...about, type: 'task.started', seq, attempt: 1, reasons: [] };
}

function delta(offset: number, text: string): RunEvent {
  return { ...about, type: 'task.delta', after: 1, attempt: 1, channel: 'text', offset, text };
}

function finished(seq: number, output = ''): RunEvent {
  const entry = { task_type: 'generate', input: '', status: 'completed', created_at: about.at, output } as const;
  return { ...about, ...entry, type: 'task.finished', seq };
}

/** A feed, and the journal beside it. */
function feedWith(kept: RunEvent[] = []) {
  const clock = new ManualClock();
  const reads: number[] = [];
  const readKept = (after: number): Promise<RunEvent[]> => {
    reads.push(after);
    return Promise.resolve(kept.filter((event) => 'seq' in event && event.seq > after).slice(0, 2));
  };
  const feed = new RunFeed({ clock, readKept });
  const push = (...events: RunEvent[]): void => {
    for (const event of events) {
      if ('seq' in event) kept.push(event);
      feed.push(event);
    }
  };
  return { feed, push, reads, clock };
}

async function all(feed: RunFeed, after = 0): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const batch of feed.follow(after, new AbortController().signal)) events.push(...batch);
  return events;
}

test('every reader gets every event', async () => {
  const { feed, push, reads } = feedWith();
  const events = [started(1), delta(0, 'Hel'), delta(3, 'lo'), finished(2, 'Hello')];
  push(...events.slice(0, 1));
  const early = all(feed);
  push(...events.slice(1));
  const late = all(feed);
  feed.end();
  expect([await early, await late]).toEqual([events, events]);
  expect(reads.filter((after) => after > 0)).toEqual([]);
});

test('a reader that comes back gets the durable events it missed', async () => {
  const { feed, push } = feedWith();
  push(started(1), delta(0, 'Hello'), finished(2, 'Hello'));
  feed.end();
  expect(await all(feed, 1)).toEqual([finished(2, 'Hello')]);
  expect(await all(feed, 2)).toEqual([]);
});

test('the text so far begins at its beginning and goes on without a gap', async () => {
  const { feed, push } = feedWith();
  push(started(1), delta(0, 'Hel'), delta(3, 'lo'));
  const reader = feed.follow(1, new AbortController().signal);
  expect((await reader.next()).value).toEqual([{ ...delta(0, 'Hello'), after: 1 }]);
  push(delta(5, '!'));
  expect((await reader.next()).value).toEqual([delta(5, '!')]);
});

test('a slow reader loses pieces of text, and no durable event', async () => {
  const { feed, push } = feedWith();
  push(started(1));
  const reader = feed.follow(0, new AbortController().signal);
  expect((await reader.next()).value).toEqual([started(1)]);
  const piece = 'x'.repeat(100_000);
  let offset = 0;
  for (let seq = 2; seq < 40; seq += 2) {
    push(delta(offset, piece), finished(seq), started(seq + 1));
    offset = 0;
  }
  push(delta(0, 'the end'));
  feed.end();
  const rest: RunEvent[] = [];
  for (let next = await reader.next(); next.done !== true; next = await reader.next()) rest.push(...next.value);
  expect(rest.flatMap((event) => ('seq' in event ? [event.seq] : []))).toEqual(
    Array.from({ length: 38 }, (_, at) => at + 2),
  );
  expect(rest.at(-1)).toMatchObject({ type: 'task.delta', offset: 0, text: 'the end' });
});

test('what is held does not grow with what has happened', () => {
  const { feed, push } = feedWith();
  push(started(1));
  for (let count = 0; count < 100; count += 1) push(delta(0, 'x'.repeat(100_000)));
  expect(feed.heldUnits).toBeLessThan(2 ** 20 + 100_200);
});

test('when nothing happens for some time a reader is told so, and one that has gone is let go', async () => {
  const { feed, push, clock } = feedWith();
  push(started(1));
  const gone = new AbortController();
  const reader = feed.follow(0, gone.signal);
  await reader.next();
  const quiet = reader.next();
  clock.advance(15_000);
  expect((await quiet).value).toEqual([]);
  const last = reader.next();
  gone.abort();
  expect((await last).done).toBe(true);
});
