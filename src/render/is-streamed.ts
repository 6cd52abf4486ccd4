import type { RunStarted } from '../events/event.ts';

/** Whether the output can be shown as it arrives: of several they would mix, and one that is found in its answer comes last. */
export function isStreamed({ plan: { tasks } }: RunStarted): boolean {
  return tasks.length === 1 && tasks[0]?.form === undefined;
}
