import { describe, expect, test } from 'vitest';
import { keptTasks, type DoAgain } from '../../../src/app/kept-tasks.ts';
import type { ProblemCode } from '../../../src/errors/catalogue.ts';
import type { TaskFinished } from '../../../src/events/event.ts';
import type { TaskStatus } from '../../../src/events/run-document.ts';

/** `b<a` is a task that needs another one; `each` is a foreach step. */
const tasks = ['a', 'b<a', 'c<b', 'd', 'each<d', 'sum<each'].map((text) => {
  const [name = '', ...needs] = text.split('<');
  return { name, needs };
});

type End = TaskStatus | ProblemCode;

const codes: Partial<Record<End, TaskStatus>> = { 'condition-false': 'skipped', 'needs-failed': 'skipped' };

function ended(ends: Record<string, End>): Map<string, TaskFinished> {
  const entries = Object.entries(ends).map(([name, end]) => {
    const status = codes[end] ?? end;
    return [name, { task: name, status, ...(status !== end && { problem: { code: end, message: '' } }) }] as const;
  });
  return new Map(entries as unknown as [string, TaskFinished][]);
}

const kept = (ends: Record<string, End>, doAgain: DoAgain) => [...keptTasks(tasks, ended(ends), doAgain).keys()];

const all = {
  a: 'completed',
  b: 'completed',
  c: 'completed',
  d: 'completed',
  each: 'completed',
  sum: 'completed',
} as const;
const items = { 'each[0]': 'completed', 'each[1]': 'completed' } as const;

describe('of a run that goes on', () => {
  test('every task stays that has ended, however', () => {
    expect(kept({ a: 'failed', b: 'needs-failed', d: 'reused' }, 'unfinished')).toEqual(['a', 'b', 'd']);
  });

  test('cancelled tasks are done again, and what was skipped for one', () => {
    expect(kept({ a: 'cancelled', b: 'needs-failed', d: 'completed' }, 'unfinished')).toEqual(['d']);
  });

  test('items that have ended stay, those that were cancelled do not', () => {
    const ends = { d: 'completed', 'each[0]': 'completed', 'each[1]': 'cancelled', 'each[2]': 'failed' } as const;
    expect(kept(ends, 'unfinished')).toEqual(['d', 'each[0]', 'each[2]']);
    expect(kept({ ...ends, each: 'cancelled' }, 'unfinished')).toEqual(['d', 'each[0]', 'each[2]']);
  });
});

describe('of a run that is tried again', () => {
  test('what succeeded stays', () => {
    expect(kept({ ...all, d: 'reused' }, 'unsuccessful')).toEqual(Object.keys(all));
  });

  test('what failed is done again, and all that follows from it', () => {
    expect(kept({ ...all, a: 'failed', b: 'needs-failed', c: 'completed' }, 'unsuccessful')).toEqual([
      'd',
      'each',
      'sum',
    ]);
  });

  test('a step whose condition did not hold stays skipped', () => {
    expect(kept({ ...all, b: 'condition-false' }, 'unsuccessful')).toEqual(Object.keys(all));
  });

  test('a step whose condition did not hold is looked at again when one that it needs is done again', () => {
    expect(kept({ ...all, a: 'failed', b: 'condition-false' }, 'unsuccessful')).toEqual(['d', 'each', 'sum']);
  });

  test('of a list only the items that failed are done again', () => {
    const ends = { ...all, ...items, 'each[1]': 'failed', each: 'failed', sum: 'needs-failed' } as const;
    expect(kept(ends, 'unsuccessful')).toEqual(['a', 'b', 'c', 'd', 'each[0]']);
  });

  test('all items are done again when their step follows from one that is', () => {
    const ends = { ...all, ...items, d: 'failed', each: 'failed' } as const;
    expect(kept(ends, 'unsuccessful')).toEqual(['a', 'b', 'c']);
  });
});

describe('of a run that is done again from a step on', () => {
  test('that step and all that follows from it is done again', () => {
    expect(kept(all, { from: 'b' })).toEqual(['a', 'd', 'each', 'sum']);
  });

  test('what failed elsewhere stays failed', () => {
    expect(kept({ ...all, ...items, each: 'failed', sum: 'needs-failed' }, { from: 'b' })).toEqual([
      ...['a', 'd', 'each', 'sum'],
      ...Object.keys(items),
    ]);
  });

  test('what had not ended is done, too', () => {
    expect(kept({ ...all, sum: 'cancelled' }, { from: 'c' })).toEqual(['a', 'b', 'd', 'each']);
  });

  test('all items of the step are done again', () => {
    expect(kept({ ...all, ...items }, { from: 'each' })).toEqual(['a', 'b', 'c', 'd']);
  });

  test('items of other steps stay with their step', () => {
    expect(kept({ ...all, ...items }, { from: 'c' })).toEqual(['a', 'b', 'd', 'each', 'sum', ...Object.keys(items)]);
  });
});
