// In: a `foreach` step whose items have all ended. Out: how the step ends. Pure.
import type { Problem } from '../errors/problem.ts';
import type { Output } from './output.ts';
import { itemsFailed } from './problems.ts';
import type { EndStatus, TaskNode } from './task-node.ts';
import type { TaskEnd } from './to-finished-event.ts';
import { toMetrics } from './request/to-metrics.ts';

/** What stands between the outputs of items in the output of their step. */
const separator = '\n\n';

/**
 * A step is as good as the worst of its items.
 * @param stopped why the whole run was stopped, if it was
 */
export function endOfItems(parent: TaskNode, stopped: Problem | undefined, now: number): TaskEnd {
  const nodes = parent.items?.nodes ?? [];
  const metrics = metricsOf(parent, nodes, now);
  const problemsOf = (status: EndStatus): Problem[] =>
    nodes.flatMap((node) => (node.status === status && node.lastProblem ? [node.lastProblem] : []));
  const [cancelled] = problemsOf('cancelled');
  if (cancelled) return { status: 'cancelled', problem: stopped ?? cancelled, metrics };
  const failed = problemsOf('failed');
  if (failed.length > 0) return { status: 'failed', problem: itemsFailed(failed, nodes.length), metrics };
  const [skipped] = problemsOf('skipped');
  if (skipped) return { status: 'skipped', problem: skipped, metrics };
  const isReused = nodes.length > 0 && nodes.every(({ status }) => status === 'reused');
  const output = outputOfItems(parent).text;
  return { status: isReused ? 'reused' : 'completed', outcome: { output }, metrics };
}

/** What a step leaves whose items have all succeeded. */
export function outputOfItems({ input, items }: TaskNode): Output {
  return joinOutputs(
    input,
    (items?.nodes ?? []).flatMap(({ output }) => output ?? []),
  );
}

export function joinOutputs(input: string, items: readonly Output[]): Output {
  return { input, text: items.map(({ text }) => text).join(separator), items };
}

/** From the start of the step to its end; tokens are those of its items. */
function metricsOf({ startedAt = 0 }: TaskNode, nodes: readonly TaskNode[], now: number): TaskEnd['metrics'] {
  const sum = (key: 'prompt_tokens' | 'output_tokens'): number | undefined => {
    const known = nodes.flatMap(({ metrics }) => metrics?.[key] ?? []);
    return known.length > 0 ? known.reduce((total, count) => total + count, 0) : undefined;
  };
  const wire = { prompt_eval_count: sum('prompt_tokens'), eval_count: sum('output_tokens') };
  return toMetrics({ readyAt: startedAt, startedAt, sentAt: startedAt, finishedAt: now }, wire);
}
