import { expect, it } from 'vitest';
import { AsyncQueue } from '../../../src/lib/async-queue.ts';

it('gives all that is there, then what comes, then ends', async () => {
  const queue = new AsyncQueue<number>();
  queue.push(1);
  queue.push(2);
  const reader = queue.read();
  expect((await reader.next()).value).toEqual([1, 2]);
  const next = reader.next();
  queue.push(3);
  expect((await next).value).toEqual([3]);
  queue.end();
  expect(await reader.next()).toEqual({ done: true, value: undefined });
});

it('throws the error it ends with, after what came before', async () => {
  const queue = new AsyncQueue<number>();
  queue.push(1);
  queue.end(new Error('broken'));
  queue.push(2);
  const reader = queue.read();
  expect((await reader.next()).value).toEqual([1]);
  await expect(reader.next()).rejects.toThrow('broken');
});

it('stays ended as it first did', async () => {
  const queue = new AsyncQueue<number>();
  queue.end();
  queue.end(new Error('too late'));
  expect((await queue.read().next()).done).toBe(true);
});
