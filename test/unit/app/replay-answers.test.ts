import { describe, expect, test } from 'vitest';
import { replayAnswers } from '../../../src/app/replay-answers.ts';
import type { TaskFinished } from '../../../src/events/event.ts';
import type { Plan } from '../../../src/plan/plan.ts';

const answer = (task: string, model_used: string, fingerprint = 'f') =>
  ({ type: 'task.finished', task, model_used, fingerprint, output: `${task} of ${model_used}` }) as TaskFinished;

/** A plan whose tasks may go to these models. */
const planOf = (tasks: Record<string, string[]>) =>
  ({
    tasks: Object.entries(tasks).map(([name, models]) => ({
      spec: { name },
      candidates: models.map((model) => ({ model, host: 'http://h', reasons: [] })),
    })),
  }) as unknown as Plan;

async function outputOf(answers: TaskFinished[], plan: Plan, task: string, model: string, fingerprint = 'f') {
  const { find } = replayAnswers({ id: 'run-1', ref: 'run-1', answers, models: [] }, plan);
  const found = await find({ task, model, fingerprint, host: 'http://h', isRepeatable: false });
  return found && 'answer' in found ? found.answer.output : undefined;
}

describe('a replay', () => {
  test('finds an answer however its model is spelled', async () => {
    const plan = planOf({ a: ['m:latest'] });
    expect(await outputOf([answer('x', 'm')], plan, 'a', 'm:latest')).toBe('x of m');
  });

  test('finds the answer of a model that had to stand in', async () => {
    const plan = planOf({ a: ['big', 'small'] });
    expect(await outputOf([answer('a', 'small')], plan, 'a', 'big')).toBe('a of small');
  });

  test('gives no answer of a model that the task may not go to', async () => {
    const plan = planOf({ a: ['big'], b: ['small'] });
    expect(await outputOf([answer('a', 'small')], plan, 'a', 'big')).toBeUndefined();
  });

  test('knows the models of an item by its step', async () => {
    const plan = planOf({ each: ['big', 'small'] });
    expect(await outputOf([answer('each[1]', 'small')], plan, 'each[1]', 'big')).toBe('each[1] of small');
  });

  test('prefers the answer of the task of the same name', async () => {
    const plan = planOf({ b: ['m'] });
    expect(await outputOf([answer('a', 'm'), answer('b', 'm')], plan, 'b', 'm')).toBe('b of m');
  });

  test('has no answer to what was not asked', async () => {
    expect(await outputOf([answer('a', 'm')], planOf({ a: ['m'] }), 'a', 'm', 'g')).toBeUndefined();
  });
});
