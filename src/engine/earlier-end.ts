// In: a task, and what earlier parts of its run have done. Out: how it ended there, if that counts. Pure.
import type { TaskFinished } from '../events/event.ts';
import { isSuccess } from '../events/to-run-document.ts';
import { joinOutputs } from './end-of-items.ts';
import type { EarlierParts } from './engine-ports.ts';
import type { Output } from './output.ts';
import type { EndStatus, TaskNode } from './task-node.ts';

export interface EarlierEnd {
  entry: TaskFinished;
  status: EndStatus;
  /** What it leaves for those that need it. */
  output: Output;
  /** The entries whose tokens it cost: its own, or those of its items. */
  costs: readonly TaskFinished[];
}

/**
 * How a task ended in an earlier part of the run; undefined when it has to be done, or found out, in this one. Skipped
 * tasks and `foreach` steps that did not succeed follow from others, which are told again.
 */
function earlierEnd({ name, plan }: TaskNode, { kept }: EarlierParts): EarlierEnd | undefined {
  const entry = kept.get(name);
  const { status } = entry ?? {};
  if (!entry || !status || status === 'pending' || status === 'running') return undefined;
  const isForeach = plan.spec.foreach !== undefined && entry.task === plan.spec.name;
  if (!isSuccess(entry)) {
    const isOwnFailure = status === 'failed' && !isForeach;
    return isOwnFailure ? { entry, status, output: { input: entry.input, text: '' }, costs: [entry] } : undefined;
  }
  if (!isForeach) return { entry, status, output: toOutput(entry), costs: [entry] };
  const items: TaskFinished[] = [];
  for (let item = kept.get(`${name}[0]`); item; item = kept.get(`${name}[${items.length}]`)) items.push(item);
  return { entry, status, output: joinOutputs(entry.input, items.map(toOutput)), costs: items };
}

/** The tasks among these that have ended in an earlier part of the run, marked as ended. */
export function markEnded(nodes: readonly TaskNode[], earlier: EarlierParts): (EarlierEnd & { node: TaskNode })[] {
  return nodes.flatMap((node) => {
    const end = earlierEnd(node, earlier);
    if (!end) return [];
    const { problem, metrics } = end.entry;
    Object.assign(node, { state: 'finished', status: end.status, metrics, lastProblem: problem });
    return [{ node, ...end }];
  });
}

function toOutput({ input, output = '', structured }: TaskFinished): Output {
  return { input, text: output, structured };
}
