import type { Answers } from '../engine/engine-ports.ts';
import type { Warning } from '../events/run-document.ts';
import type { KeptAnswers } from '../journal/open-answers.ts';
import type { Fleet } from '../ollama/fleet.ts';
import type { Plan } from '../plan/plan.ts';
import { toFleetHosts } from './kept-models.ts';

/** Answers of the runs that are kept. With `all` also those that would be others every time. */
export function reuseAnswers(kept: KeptAnswers, reuse: true | 'all', runId: string): Answers {
  return {
    only: false,
    find: (question) => {
      const answer = kept.find(question, runId);
      if (!answer) return Promise.resolve(undefined);
      if (reuse === 'all' || question.isRepeatable) {
        return Promise.resolve({ answer, reason: `answered by ${answer.task} of run ${answer.run_id}` });
      }
      return Promise.resolve({ refused: notReused });
    },
  };
}

const notReused: Warning = {
  code: 'not-reused',
  message:
    'there is an earlier answer, but another one may come each time: the task has neither a seed nor temperature 0; --reuse=all takes it all the same',
};

/** With no server there, the models as they were last seen: answers to all prompts may be at hand. */
export function rememberModels(fleet: Fleet, kept: KeptAnswers): Fleet {
  if (fleet.hosts.some(({ problem }) => !problem)) return fleet;
  const known = new Map(toFleetHosts(kept.modelsOf(fleet.hosts.map(({ url }) => url))).map((host) => [host.url, host]));
  if (known.size === 0) return fleet;
  return { hosts: fleet.hosts.map((host) => ({ ...(known.get(host.url) ?? host), slots: host.slots })) };
}

/** The plan with a warning for each task whose model is remembered only. */
export function withMemoryWarnings(plan: Plan): Plan {
  const tasks = plan.tasks.map((task) => {
    const [first] = task.candidates;
    if (!first) return task;
    const message = `no server answers: ${first.model} on ${first.host} is taken to be the one last seen there`;
    return { ...task, warnings: [...task.warnings, { code: 'model-remembered', message }] };
  });
  return { ...plan, tasks };
}
