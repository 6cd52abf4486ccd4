import type { Problem } from '../../../src/errors/problem.ts';
import type { RunEvent, RunFinished, RunStarted, TaskFinished } from '../../../src/events/event.ts';
import type { PlannedTask } from '../../../src/events/plan-snapshot.ts';
import type { Metrics, RunStatus } from '../../../src/events/run-document.ts';
import { formatGoDuration } from '../../../src/lib/go-duration.ts';

export const startMs = Date.parse('2026-01-01T00:00:00.000Z');
export const host = 'http://127.0.0.1:11434';

/** Writes the events of a made-up run, numbered and timed; the clock stands still unless told to move. */
export class RunScript {
  readonly events: RunEvent[] = [];
  nowMs: number;
  readonly #beginMs: number;
  readonly #written = new Map<string, number>();
  readonly #ended: TaskFinished[] = [];
  #seq = 0;

  constructor(
    tasks: (string | (Partial<PlannedTask> & { task: string }))[],
    more: Partial<RunStarted> = {},
    beginMs = startMs,
  ) {
    this.#beginMs = beginMs;
    this.nowMs = beginMs;
    const planned = tasks.map((given) => toPlanned(typeof given === 'string' ? { task: given } : given));
    this.#push({
      type: 'run.started',
      seq: this.#next(),
      version: '0.1.0',
      run_type: 'tasks',
      agent: 'reviewer',
      plan: { tasks: planned },
      ...more,
    });
  }

  wait(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  waiting(task: string, reason: 'needs' | 'slot' | 'model' | 'turn' | 'retry', detail = ''): this {
    return this.#push({ type: 'task.waiting', ...about(task), for: reason, detail });
  }

  expanded(task: string, items: number): this {
    return this.#push({ type: 'task.expanded', seq: this.#next(), ...about(task), items });
  }

  started(task: string, { model = 'llama3.2', attempt = 1, reasons = ['default model'] } = {}): this {
    this.#written.set(task, 0);
    return this.#push({ type: 'task.started', seq: this.#next(), ...about(task), attempt, model, host, reasons });
  }

  delta(task: string, text: string, channel: 'text' | 'thinking' = 'text'): this {
    const offset = this.#written.get(task) ?? 0;
    if (channel === 'text') this.#written.set(task, offset + text.length);
    return this.#push({ type: 'task.delta', after: this.#seq, ...about(task), attempt: 1, channel, offset, text });
  }

  retrying(task: string, problem: Problem, attempt = 1): this {
    return this.#push({ type: 'task.retrying', seq: this.#next(), ...about(task), attempt, delay_ns: 5e8, problem });
  }

  completed(task: string, output: string, more: Partial<TaskFinished> = {}): this {
    return this.finished(task, {
      status: 'completed',
      output,
      model_used: 'llama3.2',
      host,
      done_reason: 'stop',
      metrics: metrics(),
      ...more,
    });
  }

  failed(task: string, problem: Problem, more: Partial<TaskFinished> = {}): this {
    return this.finished(task, { status: 'failed', problem, error: problem.message, ...more });
  }

  skipped(task: string, problem: Problem): this {
    return this.finished(task, { status: 'skipped', problem, error: problem.message });
  }

  finished(task: string, more: Pick<TaskFinished, 'status'> & Partial<TaskFinished>): this {
    const at = this.#at();
    const common = { input: `prompt of ${task}`, task_type: 'generate', created_at: at, completed_at: at };
    this.#push({ type: 'task.finished', seq: this.#next(), ...about(task), ...common, ...more });
    this.#ended.push(this.events.at(-1) as TaskFinished);
    return this;
  }

  hostChanged(state: 'up' | 'resting' | 'down', problem?: Problem): this {
    return this.#push({ type: 'host.changed', host, state, problem });
  }

  end(status: RunStatus, more: Partial<RunFinished> = {}): RunEvent[] {
    const count = (wanted: string) =>
      this.#ended.filter((event) => event.status === wanted && !event.task.includes('[')).length;
    const first = this.events[0] as RunStarted;
    const totalNs = (this.nowMs - this.#beginMs) * 1e6;
    const totals = {
      tasks: first.plan.tasks.length,
      completed: count('completed'),
      failed: count('failed'),
      skipped: count('skipped'),
      cancelled: count('cancelled'),
      reused: count('reused'),
      model_loads: 1,
      prompt_tokens: sum(this.#ended.map((event) => event.metrics?.prompt_tokens)),
      output_tokens: sum(this.#ended.map((event) => event.metrics?.output_tokens)),
      duration: formatGoDuration(totalNs),
      total_ns: totalNs,
    };
    this.#push({ type: 'run.finished', seq: this.#next(), status, totals, ...more });
    return this.events;
  }

  #push(event: Unstamped): this {
    this.events.push({ at: this.#at(), run_id: 'run-1', ...event });
    return this;
  }

  #next(): number {
    this.#seq += 1;
    return this.#seq;
  }

  #at(): string {
    return new Date(this.nowMs).toISOString();
  }
}

/** 1.5 s, of which 0.5 s loading; 15 tokens read, 30 written. */
export function metrics(more: Partial<Metrics> = {}): Metrics {
  const times = { duration: '1.5s', total_ns: 15e8, queued_ns: 0, load_ns: 5e8 };
  return { ...times, prompt_tokens: 15, output_tokens: 30, tokens_used: 45, tokens_per_second: 20.1, ...more };
}

type Unstamped = RunEvent extends infer E ? (E extends RunEvent ? Omit<E, 'at' | 'run_id'> : never) : never;

function toPlanned(given: Partial<PlannedTask> & { task: string }): PlannedTask {
  const candidates = [{ model: 'llama3.2', host, reasons: ['default model'] }];
  return { type: 'generate', input: `prompt of ${given.task}`, needs: [], kind: 'other', candidates, ...given };
}

function about(task: string): { task: string; task_id: string } {
  return { task, task_id: `id-${task}` };
}

function sum(values: (number | undefined)[]): number {
  return values.reduce<number>((total, value) => total + (value ?? 0), 0);
}
