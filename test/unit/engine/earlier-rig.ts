import type { EarlierParts } from '../../../src/engine/engine-ports.ts';
import type { RunEvent, TaskFinished } from '../../../src/events/event.ts';
import { record, toRunDocument, type RunRecord } from '../../../src/events/to-run-document.ts';
import { host, problems } from './engine-rig.ts';
import { MemoryOllama } from './memory-ollama.ts';

/** A server that answers each prompt with itself in brackets, and refuses those that hold "bad". */
export const echo = (): MemoryOllama =>
  new MemoryOllama(host, {
    room: 4,
    onCall: (call) => {
      if (String(call.input).includes('bad')) return call.fail(problems.refused);
      call.send(`<${String(call.input)}>`);
      call.finish({ prompt_eval_count: 2, eval_count: 3 });
    },
  });

export const documentOf = (events: readonly RunEvent[]) =>
  toRunDocument(events.reduce<RunRecord | undefined>((before, event) => record(before, event), undefined) as RunRecord);

/** What is left of a run whose events break off, as a journal has it. */
export function earlierOf(events: readonly RunEvent[]): EarlierParts {
  const durable = events.filter((event) => 'seq' in event);
  const kept = new Map<string, TaskFinished>();
  const ids = new Map<string, string>();
  for (const event of durable) {
    if (event.type === 'run.started') for (const { task, task_id = '' } of event.plan.tasks) ids.set(task, task_id);
    if ('task_id' in event) ids.set(event.task, event.task_id);
    if (event.type === 'task.finished' && event.status !== 'cancelled') kept.set(event.task, event);
  }
  return { seq: durable.length, takenMs: 0, modelLoads: 1, ids, kept };
}

/** What a run of the whole may differ in from one that was cut off. */
export const comparable = (events: readonly RunEvent[]) =>
  JSON.parse(
    JSON.stringify(documentOf(events), (key, value: unknown) =>
      ['id', 'task_id', 'created_at', 'completed_at', 'metrics', 'duration', 'total_ns', 'model_loads'].includes(key)
        ? undefined
        : value,
    ),
  ) as unknown;

/** How tasks ended, in that order. */
export const endsOf = (events: readonly RunEvent[]): TaskFinished[] =>
  events.filter((event) => event.type === 'task.finished');
