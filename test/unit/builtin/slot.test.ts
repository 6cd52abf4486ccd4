import { expect, it } from 'vitest';
import { createSlot } from '../../../src/builtin/slot.ts';

const waits = new AbortController().signal;

it('gives turns in the order of asking', async () => {
  const take = createSlot();
  const order: number[] = [];
  const turn = async (number: number): Promise<void> => {
    const leave = await take(waits);
    order.push(number);
    leave();
  };
  await Promise.all([1, 2, 3].map(turn));
  expect(order).toEqual([1, 2, 3]);
});

it('passes over those who left the line', async () => {
  const take = createSlot();
  const gone = new AbortController();
  const leave = await take(waits);
  const left = take(gone.signal);
  const next = take(waits);
  gone.abort(new Error('hung up'));
  await expect(left).rejects.toThrow('hung up');
  leave();
  await expect(next).resolves.toBeTypeOf('function');
});

it('is free again after the last one left the line', async () => {
  const take = createSlot();
  const gone = new AbortController();
  const leave = await take(waits);
  const left = take(gone.signal);
  gone.abort(new Error('hung up'));
  await expect(left).rejects.toThrow('hung up');
  leave();
  await expect(take(waits)).resolves.toBeTypeOf('function');
});

it('gives one turn for one leaving, however often it is said', async () => {
  const take = createSlot();
  const leave = await take(waits);
  leave();
  await take(waits);
  leave();
  let isTaken = false;
  void take(waits).then(() => (isTaken = true));
  await new Promise(setImmediate);
  expect(isTaken).toBe(false);
});

it('refuses those who left before they asked', async () => {
  await expect(createSlot()(AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
});
