import { expect, test } from 'vitest';
import { Turnstile } from '../../src/server/turnstile.ts';

const never = new AbortController().signal;

/** Who got in, in their order; each leaves when the next is let in. */
async function orderOf(clients: readonly string[]): Promise<string[]> {
  const turnstile = new Turnstile({ inside: 1, waiting: 100 });
  const order: string[] = [];
  const leave = await turnstile.enter('first', never);
  const waiting = clients.map(async (client) => {
    const leave = await turnstile.enter(client, never);
    order.push(client);
    leave();
  });
  leave();
  await Promise.all(waiting);
  return order;
}

test('no more are inside than may be', async () => {
  const turnstile = new Turnstile({ inside: 2, waiting: 10 });
  const [first] = await Promise.all([turnstile.enter('a', never), turnstile.enter('a', never)]);
  const third = turnstile.enter('a', never);
  expect([turnstile.inside, turnstile.waiting]).toEqual([2, 1]);
  first();
  await third;
  expect([turnstile.inside, turnstile.waiting]).toEqual([2, 0]);
});

test('clients take turns, however many requests one of them has waiting', async () => {
  expect(await orderOf(['a', 'a', 'a', 'b', 'c', 'b'])).toEqual(['a', 'b', 'c', 'a', 'b', 'a']);
});

test('when as many wait as may, the next is turned away', async () => {
  const turnstile = new Turnstile({ inside: 1, waiting: 1 });
  const leave = await turnstile.enter('a', never);
  const second = turnstile.enter('a', never);
  await expect(turnstile.enter('b', never)).rejects.toMatchObject({ problem: { code: 'queue-full' } });
  leave();
  (await second)();
  expect(turnstile.inside).toBe(0);
});

test('a client that has as much waiting as it may is turned away, and others are not', async () => {
  const turnstile = new Turnstile({ inside: 1, waiting: 10, perClient: 1 });
  const leave = await turnstile.enter('a', never);
  const waiting = [turnstile.enter('a', never), turnstile.enter('b', never)];
  await expect(turnstile.enter('a', never)).rejects.toMatchObject({ problem: { code: 'queue-full' } });
  leave();
  for (const each of waiting) (await each)();
  expect([turnstile.inside, turnstile.waiting]).toEqual([0, 0]);
});

test('who gives up frees the place in the queue, and is passed over', async () => {
  const turnstile = new Turnstile({ inside: 1, waiting: 1 });
  const leave = await turnstile.enter('a', never);
  const client = new AbortController();
  const gone = turnstile.enter('b', client.signal);
  client.abort(new Error('gone'));
  await expect(gone).rejects.toThrow('gone');
  const next = turnstile.enter('c', never);
  leave();
  (await next)();
  expect([turnstile.inside, turnstile.waiting]).toEqual([0, 0]);
});

test('who gives up when its turn has just come is in, and harms no other that waits', async () => {
  const turnstile = new Turnstile({ inside: 1, waiting: 10 });
  const leave = await turnstile.enter('a', never);
  const client = new AbortController();
  const second = turnstile.enter('b', client.signal);
  leave();
  const third = turnstile.enter('b', never);
  client.abort(new Error('gone'));
  (await second)();
  (await third)();
  expect([turnstile.inside, turnstile.waiting]).toEqual([0, 0]);
});

test('leaving twice frees one place', async () => {
  const turnstile = new Turnstile({ inside: 2, waiting: 0 });
  const leave = await turnstile.enter('a', never);
  await turnstile.enter('a', never);
  leave();
  leave();
  expect(turnstile.inside).toBe(1);
});
