import type { Answers } from '../engine/engine-ports.ts';
import type { Problem } from '../errors/problem.ts';
import type { ProblemCode } from '../errors/catalogue.ts';
import type { TaskFinished } from '../events/event.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import type { Plan } from '../plan/plan.ts';
import type { Recording } from './load-recording.ts';

/**
 * The answers of a recording, and no others. A prompt that was answered several times: the task of the same name gets its
 * own answer, others get them in their order, and then the last of them.
 */
export function replayAnswers({ id, answers }: Recording, plan: Plan): Answers {
  const recorded = groupByFingerprint(answers);
  const modelsOf = new Map(plan.tasks.map(({ spec, candidates }) => [spec.name, new Set(candidates.map(keyOf))]));
  return {
    only: true,
    find: (question) => {
      // Where the tool chose the model it may have fallen back on another one; what the user names is never replaced.
      const models = modelsOf.get(question.task.replace(/\[\d+\]$/, ''));
      const isOf = ({ answer }: Recorded): boolean => {
        const model = keyOf({ model: answer.model_used ?? '' });
        return model === keyOf(question) || models?.has(model) === true;
      };
      const fitting = (recorded.get(question.fingerprint) ?? []).filter(isOf);
      const own = fitting.find(({ answer }) => answer.task === question.task);
      const found = own ?? fitting.find(({ isGiven }) => !isGiven) ?? fitting.at(-1);
      if (!found) return Promise.resolve(undefined);
      found.isGiven = true;
      return Promise.resolve({ answer: found.answer, reason: `recorded as ${found.answer.task} of run ${id}` });
    },
  };
}

interface Recorded {
  answer: TaskFinished;
  isGiven: boolean;
}

function groupByFingerprint(answers: readonly TaskFinished[]): Map<string, Recorded[]> {
  const groups = new Map<string, Recorded[]>();
  for (const answer of answers) {
    const { fingerprint } = answer;
    if (fingerprint === undefined) continue;
    const group = groups.get(fingerprint);
    if (group) group.push({ answer, isGiven: false });
    else groups.set(fingerprint, [{ answer, isGiven: false }]);
  }
  return groups;
}

function keyOf({ model }: { model: string }): string {
  return normalizeModelName(model);
}

/** The plan with a problem of its own for tasks that no recorded model could take. */
export function withoutModels(plan: Plan, { id }: Recording): Plan {
  const tasks = plan.tasks.map((task) => {
    if (!task.problem || !aboutModels.has(task.problem.code)) return task;
    const message = `run ${id}, which is replayed, has no answer of a model that could take this: ${task.problem.message}`;
    const problem: Problem = { code: 'answer-unrecorded', message };
    return { ...task, problem };
  });
  return { ...plan, tasks };
}

const aboutModels: ReadonlySet<ProblemCode> = new Set<ProblemCode>([
  'model-missing',
  'model-incapable',
  'host-unreachable',
]);
