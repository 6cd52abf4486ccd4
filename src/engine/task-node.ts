import type { Problem } from '../errors/problem.ts';
import type { Candidate } from '../events/plan-snapshot.ts';
import type { TaskStatus, Warning } from '../events/run-document.ts';
import type { Plan, PlanTask } from '../plan/plan.ts';
import type { Output } from './outputs.ts';
import { loadOptionsOf, type LoadOptions } from './load-options.ts';

export type EndStatus = Exclude<TaskStatus, 'pending' | 'running'>;

/** A task while the run goes on. */
export interface TaskNode {
  /** Its place among all tasks; items of a `foreach` step come between it and the next one. */
  readonly index: number;
  readonly plan: PlanTask;
  readonly name: string;
  readonly id: string;
  readonly createdAt: number;
  /** How it wants its model loaded. */
  readonly load: LoadOptions;
  state: 'blocked' | 'ready' | 'running' | 'retrying' | 'expanded' | 'finished';
  /** How many tasks it still waits for. */
  waitingFor: number;
  /** The tasks it needs. */
  readonly needs: TaskNode[];
  /** Tasks that take its output. */
  readonly dependents: TaskNode[];
  /** The `foreach` step it is an item of, and the element it is for. */
  readonly parent?: TaskNode | undefined;
  readonly item?: unknown;
  /** Of a `foreach` step, once it is expanded. */
  items?: Items | undefined;
  /** Of an item: what it leaves, until its step has ended. */
  output?: Output | undefined;
  /** The task that comes after it in a sequence. */
  follower?: TaskNode | undefined;
  /** Requests sent so far. */
  attempts: number;
  /** When it could have run for the first time. */
  readyAt?: number | undefined;
  startedAt?: number | undefined;
  /** Where its last attempt went. */
  candidate?: Candidate | undefined;
  /** The prompt as sent. */
  input: string;
  /** Hash of what is asked, once that is known. */
  fingerprint?: string | undefined;
  readonly warnings: readonly Warning[];
  /** Set when it goes elsewhere than its plan would have it. */
  fallback?: Warning | undefined;
  /** It shared a request that failed: now it gets one of its own. */
  alone: boolean;
  lastProblem?: Problem | undefined;
  /** How it ended. */
  status?: EndStatus | undefined;
  /** The first task it needs that failed, or was skipped for a failure. */
  failedNeed?: TaskNode | undefined;
  /** What had arrived before its last attempt failed. */
  lastPartial?: string | undefined;
  /** Ends its wait for the next attempt. */
  cancelRetry?: (() => void) | undefined;
}

/** The tasks a `foreach` step became. */
export interface Items {
  readonly nodes: readonly TaskNode[];
  /** Those that may not start yet, in their order. */
  readonly waiting: TaskNode[];
  /** How many have not ended. */
  open: number;
}

/** The nodes of a plan, in its order, tied to each other. */
export function createNodes({ tasks }: Plan, idOf: (task: string) => string, now: number): TaskNode[] {
  const nodes = tasks.map((plan, index): TaskNode => ({
    ...{ index, plan, name: plan.spec.name, id: idOf(plan.spec.name), createdAt: now },
    load: loadOptionsOf(plan.options),
    state: 'blocked',
    waitingFor: plan.needs.length + (plan.after === undefined ? 0 : 1),
    ...{ needs: [], dependents: [], attempts: 0, input: '', warnings: plan.warnings, alone: false },
  }));
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (const node of nodes) {
    for (const name of node.plan.needs) {
      const need = byName.get(name);
      if (!need) continue;
      need.dependents.push(node);
      node.needs.push(need);
    }
    const before = node.plan.after === undefined ? undefined : byName.get(node.plan.after);
    if (before) before.follower = node;
  }
  return nodes;
}

/** The tasks a `foreach` step becomes. They wait for nothing: their step has done that. */
export function createItems(
  parent: TaskNode,
  elements: readonly unknown[],
  idOf: (task: string) => string,
  now: number,
): TaskNode[] {
  return elements.map((item, position): TaskNode => {
    const name = `${parent.name}[${position}]`;
    const index = parent.index + (position + 1) / (elements.length + 1);
    const { plan, load, warnings } = parent;
    return {
      ...{ index, plan, name, id: idOf(name), createdAt: now, load, warnings, parent, item },
      ...{ state: 'blocked', waitingFor: 0, needs: parent.needs, dependents: [], attempts: 0, input: '', alone: false },
    };
  });
}
