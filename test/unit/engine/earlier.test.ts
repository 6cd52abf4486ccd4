import { expect, test } from 'vitest';
import type { Answers, Question } from '../../../src/engine/engine-ports.ts';
import type { RunEvent } from '../../../src/events/event.ts';
import { embed } from '../../../src/tasks/embed.ts';
import { ends, host, planOf, runEnd, settled, startPlan, statuses, type TaskDraft } from './engine-rig.ts';
import { comparable, earlierOf, echo } from './earlier-rig.ts';

const each = { name: 'each', foreach: ['x', 'y', 'z'], prompt: [{ item: [] }] };
const flow: TaskDraft[] = [
  { name: 'a' },
  { name: 'bad', prompt: [{ text: 'bad' }], continue_on_error: true },
  { name: 'never', needs: ['a'], if: 'failure()' },
  { ...each, needs: ['a'] },
  { name: 'last', needs: ['each', 'bad', 'never'] },
];

const plan = () => planOf(flow, { run_type: 'workflow' });

const undisturbed = async () => {
  const run = startPlan(plan(), { servers: [echo()] });
  await run.done;
  return run.events;
};

test('a run that is cut off after any event ends as if it had not been, and sends nothing twice', async () => {
  const whole = await undisturbed();
  const durable = whole.filter((event) => 'seq' in event);
  for (let cut = 1; cut < durable.length; cut += 1) {
    const before = durable.slice(0, cut);
    const server = echo();
    const rest = startPlan(plan(), { servers: [server], earlier: earlierOf(before) });
    await rest.done;
    const sent = server.prompts.map(({ input }) => input);
    for (const { status, input } of Object.values(ends(before)))
      if (status === 'completed' || status === 'failed') expect(sent).not.toContain(input);
    expect(rest.events[0]).toMatchObject({ type: 'run.started', seq: cut + 1 });
    expect(comparable([...before, ...rest.events])).toEqual(comparable(whole));
  }
});

test('ids of tasks stay, those of items that were begun too', async () => {
  const whole = await undisturbed();
  const before = whole.slice(
    0,
    1 + whole.findIndex((event) => event.type === 'task.started' && event.task === 'each[1]'),
  );
  const { ids } = earlierOf(before);
  const rest = startPlan(plan(), { servers: [echo()], earlier: earlierOf(before) });
  await rest.done;
  const again = Object.values(ends(rest.events)).filter(({ task }) => ids.has(task));
  expect(again.map(({ task }) => task)).toContain('each[1]');
  for (const { task, task_id } of again) expect(task_id).toBe(ids.get(task));
});

test('the time of all parts is counted, and not what lies between them', async () => {
  const earlier = { ...earlierOf((await undisturbed()).slice(0, 1)), takenMs: 60_000 };
  const rest = startPlan(plan(), { servers: [echo()], earlier });
  await rest.done;
  expect(runEnd(rest.events).totals).toMatchObject({ duration: '1m0s', total_ns: 60e9 });
});

test('model loads of all parts are counted', async () => {
  const before = (await undisturbed()).slice(0, 1);
  const rest = startPlan(plan(), { servers: [echo()], earlier: { ...earlierOf(before), modelLoads: 4 } });
  await rest.done;
  expect(runEnd(rest.events).totals.model_loads).toBe(5);
});

test('a failure of an earlier part still stops a run that is to stop at the first one', async () => {
  const failing = () =>
    planOf([{ name: 'bad', prompt: [{ text: 'bad' }] }, { name: 'b' }], { failFast: true, maxConcurrent: 1 });
  const first = startPlan(failing(), { servers: [echo()] });
  await first.done;
  const cut = first.events.findIndex((event) => event.type === 'task.finished');
  const server = echo();
  const rest = startPlan(failing(), { servers: [server], earlier: earlierOf(first.events.slice(0, cut + 1)) });
  await rest.done;
  expect(server.prompts).toEqual([]);
  expect(statuses(rest.events)).toEqual({ bad: 'failed', b: 'skipped' });
});

/** Answers of earlier runs, by prompt. */
function answersOf(events: readonly RunEvent[], only = false): Answers & { questions: Question[] } {
  const known = new Map(Object.values(ends(events)).map((entry) => [entry.fingerprint, entry]));
  const questions: Question[] = [];
  const find: Answers['find'] = (question) => {
    questions.push(question);
    const answer = known.get(question.fingerprint);
    return Promise.resolve(answer?.status === 'completed' ? { answer, reason: 'answered before' } : undefined);
  };
  return { find, only, questions };
}

test('earlier answers take the place of requests', async () => {
  const whole = await undisturbed();
  const server = echo();
  const again = startPlan(plan(), { servers: [server], answers: answersOf(whole) });
  await again.done;
  expect(server.prompts.map(({ input }) => input)).toEqual(['bad']);
  expect(statuses(again.events)).toMatchObject({ a: 'reused', 'each[1]': 'reused', each: 'reused', last: 'reused' });
  const [before, after] = [ends(whole)['a'], ends(again.events)['a']];
  expect(after).toMatchObject({ output: before?.output, metrics: before?.metrics, model_used: 'm', host });
  expect(after?.reasons).toEqual(['answered before', 'chosen']);
  expect(runEnd(again.events).totals).toMatchObject({ reused: 3, prompt_tokens: 0, output_tokens: 0 });
});

test('to a condition an answer that was used again is one that was given', async () => {
  const looking = () => planOf([{ name: 'a' }, { name: 'b', needs: ['a'], if: "steps.a.status == 'completed'" }]);
  const first = startPlan(looking(), { servers: [echo()] });
  await first.done;
  const again = startPlan(looking(), { servers: [echo()], answers: answersOf(first.events) });
  await again.done;
  expect(statuses(again.events)).toEqual({ a: 'reused', b: 'reused' });
});

test('with earlier answers only, a prompt without one fails and nothing is sent', async () => {
  const server = echo();
  const run = startPlan(planOf([{ name: 'a' }]), { servers: [server], answers: answersOf([], true) });
  await run.done;
  expect(server.prompts).toEqual([]);
  expect(ends(run.events)['a']).toMatchObject({ status: 'failed', problem: { code: 'answer-unrecorded' } });
});

test('an answer that may not be taken is told of', async () => {
  const answers: Answers = {
    only: false,
    find: () => Promise.resolve({ refused: { code: 'not-reused', message: 'no seed' } }),
  };
  const run = startPlan(planOf([{ name: 'a' }]), { servers: [echo()], answers });
  await run.done;
  expect(ends(run.events)['a']).toMatchObject({
    status: 'completed',
    warnings: [{ code: 'not-reused', message: 'no seed' }],
  });
});

test.each<[string, Partial<TaskDraft>, boolean]>([
  ['no seed', {}, false],
  ['a temperature above zero', { options: { temperature: 0.1 } }, false],
  ['temperature zero', { options: { temperature: 0 } }, true],
  ['a seed', { options: { seed: 7 } }, true],
  ['a task type without lots', { definition: embed }, true],
])('%s: whether the same answer is to be expected', async (_title, draft, isRepeatable) => {
  const answers = answersOf([]);
  const run = startPlan(planOf([{ name: 'a', ...draft }]), { servers: [echo()], answers });
  await run.done;
  expect(answers.questions).toMatchObject([{ task: 'a', host, model: 'm', isRepeatable }]);
});

test('a run that is stopped during a lookup does not wait for it', async () => {
  const answers: Answers = { only: false, find: () => new Promise(() => undefined) };
  const run = startPlan(planOf([{ name: 'a' }]), { servers: [echo()], answers });
  await settled();
  run.stop();
  await run.done;
  expect(statuses(run.events)).toEqual({ a: 'cancelled' });
});

test('what is asked decides the fingerprint, the order of options does not', async () => {
  const ofTask = async (draft: Partial<TaskDraft>): Promise<string> => {
    const answers = answersOf([]);
    const run = startPlan(planOf([{ name: 'a', ...draft }]), { servers: [echo()], answers });
    await run.done;
    return answers.questions[0]?.fingerprint ?? '';
  };
  const [one, same, other, prompt] = await Promise.all([
    ofTask({ options: { seed: 1, top_k: 2 } }),
    ofTask({ options: { top_k: 2, seed: 1 }, models: ['n'] }),
    ofTask({ options: { seed: 1, top_k: 3 } }),
    ofTask({ options: { seed: 1, top_k: 2 }, prompt: [{ text: 'x' }] }),
  ]);
  expect(same).toBe(one);
  expect(new Set([one, other, prompt]).size).toBe(3);
});
