import { expect, test } from 'vitest';
import { chat } from '../../../src/tasks/chat.ts';
import { toRunDocument, record, type RunRecord } from '../../../src/events/to-run-document.ts';
import type { RunEvent } from '../../../src/events/event.ts';
import type { WireMessage } from '../../../src/ollama/wire.ts';
import {
  ends,
  host,
  line,
  planOf,
  problems,
  runEnd,
  settled,
  startPlan,
  statuses,
  type TaskDraft,
} from './engine-rig.ts';
import { MemoryOllama } from './memory-ollama.ts';

/** Answers each prompt with itself in brackets; refuses those that hold "bad". */
const echo = (): MemoryOllama =>
  new MemoryOllama(host, {
    room: 4,
    onCall: (call) => {
      if (String(call.input).includes('bad')) return call.fail(problems.refused);
      call.send(`<${String(call.input)}>`);
      call.finish({ prompt_eval_count: 2, eval_count: 3 });
    },
  });

const runOf = async (tasks: TaskDraft[], server = echo(), limits: Parameters<typeof planOf>[1] = {}) => {
  const run = startPlan(planOf(tasks, { run_type: 'workflow', ...limits }), { servers: [server] });
  await run.done;
  return { events: run.events, server };
};

const documentOf = (events: readonly RunEvent[]) =>
  toRunDocument(events.reduce<RunRecord | undefined>((before, event) => record(before, event), undefined) as RunRecord);

const bad = { name: 'bad', prompt: [{ text: 'bad' }] };

test('a step whose condition is false is skipped, and its dependents run with an empty text in its place', async () => {
  const { events, server } = await runOf(
    [
      'a',
      { name: 'b', needs: ['a'], if: "contains(steps.a.output, 'nothing like it')" },
      { name: 'c', needs: ['b'] },
    ].map(toDraft),
  );
  expect(statuses(events)).toEqual({ a: 'completed', b: 'skipped', c: 'completed' });
  expect(ends(events)['b']?.problem).toMatchObject({ code: 'condition-false' });
  expect(server.prompts.map(({ input }) => input)).toEqual(['prompt of a', 'prompt of c ']);
  expect(runEnd(events).status).toBe('completed');
});

function toDraft(draft: TaskDraft | string): TaskDraft {
  return typeof draft === 'string' ? { name: draft } : draft;
}

test.each<[string, string, string | undefined]>([
  ['always()', 'completed', undefined],
  ['failure()', 'completed', undefined],
  ['!success()', 'completed', undefined],
  ["failure() && steps.bad.status == 'failed'", 'completed', undefined],
  ['success()', 'skipped', 'needs-failed'],
  ["success() || steps.bad.output == 'x'", 'skipped', 'needs-failed'],
  ["always() && steps.bad.output != ''", 'skipped', 'condition-false'],
  ["steps.bad.output == ''", 'skipped', 'needs-failed'],
])('after a failure a step with the condition %s is %s', async (condition, status, code) => {
  const { events } = await runOf([bad, { name: 'next', needs: ['bad'], if: condition }]);
  expect(ends(events)['next']).toMatchObject({ status, ...(code !== undefined && { problem: { code } }) });
  expect(runEnd(events)).toMatchObject({ status: 'failed', error: '1 of 2 steps failed' });
});

test.each(['failure()', "steps.a.status == 'failed'", '!success()'])(
  'without a failure a step with the condition %s is skipped',
  async (condition) => {
    const { events } = await runOf([{ name: 'a' }, { name: 'b', needs: ['a'], if: condition }]);
    expect(ends(events)['b']).toMatchObject({ status: 'skipped', problem: { code: 'condition-false' } });
    expect(runEnd(events).status).toBe('completed');
  },
);

test('a failure goes through steps that were skipped for it', async () => {
  const { events } = await runOf([
    bad,
    { name: 'b', needs: ['bad'] },
    { name: 'c', needs: ['b'], if: 'failure()' },
    { name: 'd', needs: ['b'] },
  ]);
  expect(statuses(events)).toEqual({ bad: 'failed', b: 'skipped', c: 'completed', d: 'skipped' });
});

test('a step that looks at how others ended waits for all of them', async () => {
  const server = new MemoryOllama(host, { room: 2 });
  const run = startPlan(planOf([bad, { name: 'slow' }, { name: 'last', needs: ['bad', 'slow'], if: 'always()' }]), {
    servers: [server],
  });
  (await server.next()).fail(problems.refused);
  const slow = await server.next();
  await settled();
  expect(statuses(run.events)).toEqual({ bad: 'failed' });
  slow.finish();
  (await server.next()).finish();
  await run.done;
  expect(statuses(run.events)).toEqual({ bad: 'failed', slow: 'completed', last: 'completed' });
});

test('an allowed failure leaves an empty text, and the run is completed', async () => {
  const { events, server } = await runOf([
    { ...bad, continue_on_error: true },
    { name: 'b', needs: ['bad'] },
  ]);
  expect(statuses(events)).toEqual({ bad: 'failed', b: 'completed' });
  expect(server.prompts.at(-1)?.input).toBe('prompt of b ');
  expect(runEnd(events)).toMatchObject({ status: 'completed', totals: { failed: 1, completed: 1 } });
  expect(runEnd(events)).not.toHaveProperty('error');
});

test('an allowed failure does not stop a run that stops at the first one', async () => {
  const { events } = await runOf(
    [
      { ...bad, continue_on_error: true },
      { name: 'b', needs: ['bad'] },
    ],
    echo(),
    {
      failFast: true,
    },
  );
  expect(statuses(events)).toEqual({ bad: 'failed', b: 'completed' });
});

test('a condition that has no value fails its step', async () => {
  const { events } = await runOf([{ name: 'a' }, { name: 'b', needs: ['a'], if: 'fromJSON(steps.a.output).x' }]);
  expect(ends(events)['b']).toMatchObject({ status: 'failed', problem: { code: 'expression-failed' } });
  expect(ends(events)['b']?.problem?.message).toContain('Error parsing JSON');
});

test('a foreach step becomes a task for each element, and ends with their outputs', async () => {
  const { events } = await runOf([
    { name: 'each', foreach: ['x', { n: [7] }], prompt: [{ text: 'do ' }, { item: [] }] },
    { name: 'all', needs: ['each'] },
    { name: 'second', needs: ['each'], prompt: [{ output: 'each', index: 1 }] },
  ]);
  expect(line(events, 'task.expanded')).toEqual(['task.expanded each']);
  expect(ends(events)['each']).toMatchObject({ status: 'completed', output: '<do x>\n\n<do {"n":[7]}>' });
  expect(ends(events)['all']?.input).toBe('prompt of all <do x>\n\n<do {"n":[7]}>');
  expect(ends(events)['second']?.input).toBe('<do {"n":[7]}>');
  const each = documentOf(events).steps?.[0];
  expect(each?.items?.map(({ name, status, input }) => [name, status, input])).toEqual([
    ['each[0]', 'completed', 'do x'],
    ['each[1]', 'completed', 'do {"n":[7]}'],
  ]);
});

test('totals count steps, and tokens of items once', async () => {
  const { events } = await runOf([{ name: 'each', foreach: [1, 2, 3], prompt: [{ item: [] }] }]);
  expect(runEnd(events).totals).toMatchObject({ tasks: 1, completed: 1, prompt_tokens: 6, output_tokens: 9 });
  const beforeEnd = documentOf(events.slice(0, -1));
  expect(beforeEnd.totals).toMatchObject({ tasks: 1, completed: 1, prompt_tokens: 6, output_tokens: 9 });
  expect(ends(events)['each']?.metrics).toMatchObject({ prompt_tokens: 6, output_tokens: 9, tokens_used: 15 });
});

test('a list may come from the output of another step', async () => {
  const server = new MemoryOllama(host, {
    onCall: (call) => {
      call.send(call.input === 'prompt of list' ? '["a", "b"]' : `<${String(call.input)}>`);
      call.finish();
    },
  });
  const { events } = await runOf(
    [
      { name: 'list' },
      { name: 'each', needs: ['list'], foreach: 'fromJSON(steps.list.output)', prompt: [{ item: [] }] },
    ],
    server,
  );
  expect(ends(events)['each']?.output).toBe('<a>\n\n<b>');
});

test.each<[string, string]>([
  ['steps.a.output', 'foreach: \'steps.a.output\' is no list, but "<prompt of a>"'],
  ["fromJSON('{}')", "foreach: 'fromJSON('{}')' is no list, but {}"],
  ['fromJSON(steps.a.output)', "'fromJSON(steps.a.output)' has no value: Error parsing JSON"],
])('a foreach over %s fails its step', async (list, message) => {
  const { events } = await runOf([{ name: 'a' }, { name: 'each', needs: ['a'], foreach: list }]);
  expect(ends(events)['each']).toMatchObject({ status: 'failed', problem: { code: 'expression-failed' } });
  expect(ends(events)['each']?.problem?.message).toContain(message);
});

test('a foreach over nothing completes with an empty text', async () => {
  const { events, server } = await runOf([
    { name: 'each', foreach: [] },
    { name: 'b', needs: ['each'] },
  ]);
  expect(ends(events)['each']).toMatchObject({ status: 'completed', output: '' });
  expect(server.prompts.map(({ input }) => input)).toEqual(['prompt of b ']);
});

test('an item that fails leaves the others alone, and its step fails with the reason', async () => {
  const { events } = await runOf([
    { name: 'each', foreach: ['x', 'bad', 'y'], prompt: [{ item: [] }] },
    { name: 'b', needs: ['each'] },
  ]);
  expect(statuses(events)).toEqual({
    ...{ 'each[0]': 'completed', 'each[1]': 'failed', 'each[2]': 'completed' },
    ...{ each: 'failed', b: 'skipped' },
  });
  expect(ends(events)['each']?.problem).toMatchObject({
    code: 'request-refused',
    message: '1 of 3 items failed: http://gpu1 says no',
  });
  expect(runEnd(events)).toMatchObject({ status: 'failed', error: '1 of 2 steps failed' });
});

test('at most so many items of a step run at once', async () => {
  const server = new MemoryOllama(host);
  const plan = planOf([{ name: 'each', foreach: [1, 2, 3], max_parallel: 1, prompt: [{ item: [] }] }]);
  const run = startPlan(plan, { servers: [server] });
  for (const input of ['1', '2', '3']) {
    const call = await server.next();
    await settled();
    expect(call.input).toBe(input);
    expect(server.inFlight.get('m')).toBe(1);
    call.finish();
  }
  await run.done;
  expect(statuses(run.events)['each']).toBe('completed');
});

test('stopping a run cancels the items under way, those that wait, and their step', async () => {
  const server = new MemoryOllama(host);
  const run = startPlan(planOf([{ name: 'each', foreach: [1, 2, 3], prompt: [{ item: [] }] }]), { servers: [server] });
  await server.next();
  run.stop();
  await run.done;
  expect(statuses(run.events)).toEqual({
    ...{ 'each[0]': 'cancelled', 'each[1]': 'cancelled', 'each[2]': 'cancelled', each: 'cancelled' },
  });
  expect(runEnd(run.events).status).toBe('cancelled');
});

test('after a failed item nothing more starts when the run is to stop at the first failure', async () => {
  const { events } = await runOf([{ name: 'each', foreach: ['bad', 'x', 'y', 'z'], prompt: [{ item: [] }] }], echo(), {
    failFast: true,
    maxConcurrent: 1,
  });
  expect(statuses(events)).toMatchObject({ 'each[0]': 'failed', 'each[3]': 'skipped', each: 'failed' });
});

test.each<[string, TaskDraft['prompt'], string]>([
  ['a key', [{ output: 'a', path: ['title'] }], 'T'],
  ['a position', [{ output: 'a', path: ['tags', 1] }], 'y'],
  ['an object', [{ output: 'a', path: ['tags'] }], '["x","y"]'],
])('a placeholder takes %s of an output that is JSON', async (_title, prompt, input) => {
  const { server } = await runOf(
    [{ name: 'a' }, { name: 'b', needs: ['a'], prompt: prompt ?? [] }],
    answering('{"title":"T","tags":["x","y"]}'),
  );
  expect(server.prompts.at(-1)?.input).toBe(input);
});

function answering(text: string): MemoryOllama {
  return new MemoryOllama(host, {
    onCall: (call) => {
      call.send(text);
      call.finish();
    },
  });
}

test.each<[string, string, string]>([
  ['is not there', '{"tags":[]}', '{{a.output.title}}: nothing is there in the output of a'],
  ['is in no JSON', 'prose', '{{a.output.title}}: the output of a is no JSON'],
])('a placeholder whose value %s fails its step', async (_title, text, message) => {
  const drafts = [{ name: 'a' }, { name: 'b', needs: ['a'], prompt: [{ output: 'a', path: ['title'] }] }];
  const { events } = await runOf(drafts, answering(text));
  expect(ends(events)['b']).toMatchObject({ status: 'failed', problem: { code: 'value-missing', message } });
});

test('an element without the value a placeholder names fails that item alone', async () => {
  const { events } = await runOf([{ name: 'each', foreach: [{ f: 'x' }, {}], prompt: [{ item: ['f'] }] }]);
  expect(statuses(events)).toMatchObject({ 'each[0]': 'completed', 'each[1]': 'failed' });
  expect(ends(events)['each[1]']?.problem).toMatchObject({
    code: 'value-missing',
    message: "{{item.f}}: nothing is there in element {} of 'foreach'",
  });
});

test('context: previous sends what the steps it needs were asked and answered, in the order of the plan', async () => {
  const sent: WireMessage[][] = [];
  const definition = {
    ...chat,
    run: (calls: Parameters<typeof chat.run>[0]) => {
      for (const { messages = [] } of calls) sent.push(messages);
      return Promise.resolve(calls.map(() => ({ output: 'done' })));
    },
  };
  await runOf([
    { name: 'a' },
    { name: 'each', foreach: ['x', 'y'], prompt: [{ item: [] }] },
    { name: 'talk', needs: ['each', 'a'], definition, context: 'previous', prompt: [{ text: 'and?' }] },
  ]);
  expect(sent).toEqual([
    [
      { role: 'user', content: 'prompt of a' },
      { role: 'assistant', content: '<prompt of a>' },
      { role: 'user', content: 'x' },
      { role: 'assistant', content: '<x>' },
      { role: 'user', content: 'y' },
      { role: 'assistant', content: '<y>' },
    ],
  ]);
});
