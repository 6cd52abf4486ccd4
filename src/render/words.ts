// The sentences the views share. What users, servers and models wrote is neutralised here, once.
import type { Problem } from '../errors/problem.ts';
import type { HostChanged } from '../events/event.ts';
import type { RunState, TaskState } from '../events/run-state.ts';
import { countOf, formatRate, formatSeconds } from '../lib/format-numbers.ts';
import { neutralizeLine } from '../lib/neutralize.ts';

/** All tasks in the order of the plan, the items of a step behind it. */
export function withItems(state: RunState): TaskState[] {
  const items = new Map<string, TaskState[]>();
  for (const task of state.tasks.values()) {
    if (task.parent !== undefined && !items.get(task.parent)?.push(task)) items.set(task.parent, [task]);
  }
  const planned = [...state.tasks.values()].filter(({ parent }) => parent === undefined);
  return planned.flatMap((task) => [task, ...(items.get(task.name) ?? [])]);
}

/** Why a task does not run: `waiting: slot`, `waiting: codellama to load on http://…`. */
export function waitingText(task: TaskState, state: RunState): string {
  if (task.waiting && task.waiting.for !== 'needs') {
    const { for: reason, detail } = task.waiting;
    // A detail of several words is a sentence of its own.
    const text = detail === '' || detail === reason ? reason : detail.includes(' ') ? detail : `${reason} ${detail}`;
    return neutralizeLine(`waiting: ${text}`);
  }
  const missing = task.needs.filter((name) => !isDone(state.tasks.get(name)));
  if (missing.length > 0) return neutralizeLine(`waiting: needs ${missing.join(', ')}`);
  return 'waiting';
}

/** `instead of llama3.2` when the first model of the plan was not taken. */
export function fallbackText({ model, preferred_model }: TaskState): string | undefined {
  if (model === undefined || preferred_model === undefined || model === preferred_model) return undefined;
  return neutralizeLine(`instead of ${preferred_model}`);
}

/** What a completed task cost: `1.5s, 30 tokens, 20.1 tokens/s`. */
export function costText({ metrics }: Pick<TaskState, 'metrics'>): string {
  if (!metrics) return '';
  const parts = [formatSeconds(metrics.total_ns)];
  if (metrics.output_tokens !== undefined) parts.push(countOf(metrics.output_tokens, 'token'));
  if (metrics.tokens_per_second !== undefined) parts.push(`${formatRate(metrics.tokens_per_second)} tokens/s`);
  return parts.join(', ');
}

/** `http://… is down: connection refused`. */
export function hostText(host: string, state: HostChanged['state'], problem: Problem | undefined): string {
  return neutralizeLine(`${host} is ${state}${problem ? `: ${problem.message}` : ''}`);
}

/** `run 0198…: 2 tasks, agent reviewer`. */
export function runText({ run_id, run_type, agent, totals }: RunState): string {
  const noun = run_type === 'workflow' ? 'step' : 'task';
  return neutralizeLine(`run ${run_id}: ${countOf(totals.tasks, noun)}, agent ${agent}`);
}

/** How the run went, on one line: `2 of 3 tasks completed, 1 failed in 1.6s, 45 tokens, 1 model load`. */
export function totalsText(state: RunState): string {
  const { totals, run_type, status } = state;
  const done = totals.completed + totals.reused;
  const noun = run_type === 'workflow' ? 'step' : 'task';
  const counts = [
    done === totals.tasks ? `${countOf(done, noun)} completed` : `${done} of ${countOf(totals.tasks, noun)} completed`,
    ...(['failed', 'skipped', 'cancelled'] as const)
      .filter((key) => totals[key] > 0)
      .map((key) => `${totals[key]} ${key}`),
    ...(totals.reused > 0 ? [`${totals.reused} reused`] : []),
  ];
  const time = state.completed_at === undefined ? '' : ` in ${formatSeconds(totals.total_ns)}`;
  const tokens = totals.output_tokens > 0 ? [`${countOf(totals.output_tokens, 'token')} written`] : [];
  const loads = totals.model_loads > 0 ? [loadsText(totals)] : [];
  const stopped = status === 'cancelled' || status === 'interrupted' ? `${status}: ` : '';
  return [`${stopped}${counts.join(', ')}${time}`, ...tokens, ...loads].join(', ');
}

/** `3 model loads instead of 17, about 2m05s saved` */
function loadsText({ model_loads, loads_saved = 0, time_saved_ns = 0 }: RunState['totals']): string {
  const loads = countOf(model_loads, 'model load');
  if (loads_saved === 0) return loads;
  return `${loads} instead of ${model_loads + loads_saved}, about ${formatSeconds(time_saved_ns)} saved`;
}

function isDone(task: TaskState | undefined): boolean {
  return task !== undefined && ['completed', 'reused', 'skipped', 'failed'].includes(task.status);
}
