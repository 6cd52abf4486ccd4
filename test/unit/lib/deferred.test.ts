import { expect, test } from 'vitest';
import { createDeferred } from '../../../src/lib/deferred.ts';

test('a promise is fulfilled from outside', async () => {
  const { promise, resolve } = createDeferred<number>();
  resolve(7);
  await expect(promise).resolves.toBe(7);
});

test('a promise is rejected from outside', async () => {
  const { promise, reject } = createDeferred<number>();
  reject(new Error('no'));
  await expect(promise).rejects.toThrow('no');
});

test('only the first settlement counts', async () => {
  const { promise, resolve, reject } = createDeferred<number>();
  resolve(1);
  reject(new Error('too late'));
  await expect(promise).resolves.toBe(1);
});
