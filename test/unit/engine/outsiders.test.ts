import { expect, test } from 'vitest';
import { ProblemError } from '../../../src/errors/problem.ts';
import type { RunEvent } from '../../../src/events/event.ts';
import { createDeferred } from '../../../src/lib/deferred.ts';
import { customTask, type CustomHandler } from '../../../src/tasks/custom.ts';
import { defineTask } from '../../../src/tasks/define-task.ts';
import { embed } from '../../../src/tasks/embed.ts';
import { ends, host, line, planOf, problems, runEnd, settled, startPlan, statuses } from './engine-rig.ts';
import { MemoryOllama, type MemoryCall } from './memory-ollama.ts';

// What others bring into a run: handlers, watchers, and a record that may fail.

function answer(call: MemoryCall): void {
  call.send('yes');
  call.finish();
}

const custom = (name: string, handler: CustomHandler) => ({ name, definition: customTask(handler), timeoutMs: 1_000 });

test('a handler that throws fails its task alone', async () => {
  const tasks = [
    custom('a', () => {
      throw new Error('no paper');
    }),
    custom('b', (call) => `done: ${call.input}`),
  ];
  const run = startPlan(planOf(tasks));
  await run.done;
  expect(ends(run.events)['a']?.problem).toMatchObject({
    code: 'handler-failed',
    message: "the handler of task type 'custom' failed: no paper",
  });
  expect(ends(run.events)['b']).toMatchObject({ output: 'done: prompt of b' });
});

test('a handler that ignores its signal does not outlast its time limit', async () => {
  const run = startPlan(planOf([custom('a', () => new Promise(() => undefined))]));
  await settled();
  run.clock.advance(1_000);
  await run.done;
  expect(ends(run.events)['a']?.problem?.code).toBe('timeout');
});

test('a task type that throws because its signal was aborted has timed out, not failed', async () => {
  const definition = defineTask({
    ...{ type: 'slow', summary: '', uses: [], needs: undefined },
    run: (_, { signal }) =>
      new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped')))),
  });
  const run = startPlan(planOf([{ name: 'a', definition, timeoutMs: 1_000 }]));
  await settled();
  run.clock.advance(1_000);
  await run.done;
  expect(ends(run.events)['a']?.problem?.code).toBe('timeout');
});

test('a handler is not called once the run is stopped', async () => {
  let calls = 0;
  const run = startPlan(planOf([custom('a', () => String((calls += 1)))]), {
    onEvent: ({ type }, { stop }) => type === 'task.started' && stop(),
  });
  await run.done;
  expect(calls).toBe(0);
  expect(statuses(run.events)).toEqual({ a: 'cancelled' });
});

test.each([undefined, 42, null, { text: 'x' }])(
  'a handler that answers %j instead of a text fails its task',
  async (wrong) => {
    const run = startPlan(planOf([custom('a', () => wrong as unknown as string)]));
    await run.done;
    expect(ends(run.events)['a']?.problem?.code).toBe('handler-failed');
  },
);

test('a task type that answers fewer calls than it was given fails its task', async () => {
  const definition = defineTask({
    type: 'lazy',
    summary: '',
    uses: [],
    needs: undefined,
    run: () => Promise.resolve([]),
  });
  const run = startPlan(planOf([{ name: 'a', definition }]));
  await run.done;
  expect(ends(run.events)['a']?.problem?.code).toBe('handler-failed');
});

test('what a handler reports before it ends is shown as it comes', async () => {
  const handler: CustomHandler = (_, { onDelta }) => {
    onDelta('text', 'half');
    return 'half and half';
  };
  const run = startPlan(planOf([custom('a', handler)]));
  await run.done;
  expect(run.events.filter(({ type }) => type === 'task.delta')).toMatchObject([{ text: 'half', offset: 0 }]);
});

test('a watcher that throws ends the run, which rejects with what was thrown', async () => {
  const server = new MemoryOllama(host, { onCall: answer });
  const run = startPlan(planOf(['a', 'b', 'c']), {
    servers: [server],
    onEvent: (event) => {
      if (event.type === 'task.finished' && event.task === 'a') throw new Error('my view is broken');
    },
  });
  await expect(run.done).rejects.toThrow('my view is broken');
  expect(runEnd(run.events)).toMatchObject({ status: 'failed', problem: { code: 'internal' } });
});

test('a watcher may stop the run at any event, and it ends with every task ended once', async () => {
  for (let at = 1; at <= 9; at += 1) {
    const server = new MemoryOllama(host, { onCall: answer });
    let seen = 0;
    const run = startPlan(planOf(['a', { name: 'b', needs: ['a'] }, 'c', 'd']), {
      servers: [server],
      onEvent: (_, { stop }) => (seen += 1) === at && stop(),
    });
    await run.done;
    expect(line(run.events, 'task.finished')).toHaveLength(4);
    expect(runEnd(run.events).status).toBe('cancelled');
  }
});

test('the end of a task is shown, and sets others free, only after it is kept', async () => {
  const server = new MemoryOllama(host, { onCall: answer });
  const kept = createDeferred<undefined>();
  const record = ({ type }: RunEvent): Promise<void> | undefined =>
    type === 'task.finished' ? kept.promise : undefined;
  const run = startPlan(planOf(['a', { name: 'b', needs: ['a'] }]), { servers: [server], record });
  await settled();
  expect(line(run.events, 'task.started', 'task.finished')).toEqual(['task.started a']);
  expect(server.prompts).toHaveLength(1);
  kept.resolve(undefined);
  await run.done;
  expect(line(run.events, 'task.started', 'task.finished')).toEqual([
    'task.started a',
    'task.finished a',
    'task.started b',
    'task.finished b',
  ]);
});

test('all durable events are kept, in the order of their numbers, and no others', async () => {
  const server = new MemoryOllama(host, { onCall: answer });
  const kept: RunEvent[] = [];
  const record = async (event: RunEvent): Promise<void> => {
    await settled();
    kept.push(event);
  };
  const run = startPlan(planOf(['a', { name: 'b', needs: ['a'] }]), { servers: [server], record });
  await run.done;
  await settled();
  expect(kept.map((event) => ('seq' in event ? event.seq : 0))).toEqual([1, 2, 3, 4, 5, 6]);
});

test.each(['run.started', 'task.started', 'task.finished', 'run.finished'] as const)(
  'a record that fails at %s ends the run as failed for its storage, and nothing unkept is shown as done',
  async (type) => {
    const server = new MemoryOllama(host, { onCall: answer });
    const run = startPlan(planOf(['a', { name: 'b', needs: ['a'] }]), {
      servers: [server],
      record: (event) => (event.type === type ? Promise.reject(new Error('disk full')) : undefined),
    });
    await run.done;
    expect(runEnd(run.events)).toMatchObject({ status: 'failed', problem: { code: 'storage-failed' } });
    const numbers = run.events.flatMap((event) => ('seq' in event ? [event.seq] : []));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    const done = Object.values(statuses(run.events)).filter((status) => status === 'completed');
    expect(done).toHaveLength(type === 'run.finished' ? 2 : 0);
  },
);

test('an answer that could not be kept is shown as what had arrived before the failure', async () => {
  const server = new MemoryOllama(host, { onCall: answer });
  const lost = new ProblemError({ code: 'storage-failed', message: 'the journal is full' });
  const run = startPlan(planOf(['a']), {
    servers: [server],
    record: ({ type }) => {
      if (type === 'task.finished') throw lost;
    },
  });
  await run.done;
  expect(ends(run.events)['a']).toMatchObject({ status: 'failed', partial_output: 'yes', problem: lost.problem });
  expect(ends(run.events)['a']).not.toHaveProperty('output');
  expect(runEnd(run.events)).toMatchObject({ error: 'the journal is full', totals: { failed: 1, completed: 0 } });
});

test('tasks that end together and cannot be kept are none of them shown as done', async () => {
  const server = new MemoryOllama(host, { onCall: answer });
  const run = startPlan(planOf(['a', 'b']), {
    servers: [server],
    record: async ({ type }) => {
      await settled();
      if (type === 'task.finished') throw new Error('disk full');
    },
  });
  await run.done;
  expect(statuses(run.events)).toEqual({ a: 'failed', b: 'failed' });
});

test('a watcher that stops the run at the first retry of a batch sees no other task of it begin again', async () => {
  const server = new MemoryOllama(host, { onCall: (call) => call.fail(problems.busy) });
  const run = startPlan(planOf(['a', 'b'].map((name) => ({ name, definition: embed }))), {
    servers: [server],
    onEvent: ({ type }, { stop }) => type === 'task.retrying' && stop(),
  });
  await run.done;
  expect(line(run.events, 'task.retrying', 'task.finished')).toEqual([
    'task.retrying a',
    'task.finished a',
    'task.finished b',
  ]);
});
