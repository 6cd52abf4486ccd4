import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { RunEvent } from '../../../src/events/event.ts';
import { journalPath, openDatabase } from '../../../src/journal/database.ts';
import type { RunToKeep } from '../../../src/journal/kept-run.ts';
import { openRecorder } from '../../../src/journal/open-recorder.ts';
import { openRunStore, type RunStore } from '../../../src/journal/run-store.ts';
import { ManualClock } from '../engine/manual-clock.ts';
import { RunScript } from '../render/run-script.ts';

/** A journal of a test's own, and processes that run or not as the test says. */
export class JournalRig {
  readonly directory = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-journal-'));
  readonly path = journalPath(this.directory);
  readonly clock = new ManualClock();
  readonly soon = setImmediate;
  readonly running = new Set([process.pid]);
  readonly processes = { ownId: process.pid, isRunning: (id: number) => this.running.has(id) };

  constructor() {
    onTestFinished(() => rmSync(this.directory, { recursive: true, force: true }));
  }

  get store(): RunStore {
    return openRunStore(this.directory, this);
  }

  /** Keeps a run as a process would that does nothing else. */
  async keep(events: readonly RunEvent[], more: Partial<RunToKeep> = {}): Promise<void> {
    const recorder = await openRecorder(runToKeep({ id: events[0]?.run_id, ...more }), this.directory, this);
    const kept = events.map((event) => recorder.record(event));
    recorder.close();
    await Promise.all(kept);
  }

  /** As if the process that keeps runs had died. */
  die(): void {
    this.running.clear();
  }

  async query<Row>(sql: string): Promise<Row[]> {
    const database = await openDatabase(this.path);
    try {
      return database.prepare(sql).all() as Row[];
    } finally {
      database.close();
    }
  }
}

export function runToKeep(more: { [Key in keyof RunToKeep]?: RunToKeep[Key] | undefined } = {}): RunToKeep {
  const { id = 'run-1', run_type = 'tasks', models = [] } = more;
  const request = {
    agent: { name: 'reviewer', models: ['llama3.2'], config: {} },
    options: {},
    spec: { run_type, sequential: false, tasks: [] },
  };
  return { id, run_type, models, request: more.request ?? request, further: more.further };
}

/** The events of a run of two tasks that completed; it began so many minutes after midnight. */
export function completedRun(id: string, minute = 0): RunEvent[] {
  const script = new RunScript(['one', 'two'], {}, Date.UTC(2026, 0, 1, 0, minute));
  for (const task of ['one', 'two']) {
    script
      .started(task)
      .wait(1000)
      .finished(task, { status: 'completed', output: `answer of ${task}` });
  }
  return script.end('completed').map((event) => ({ ...event, run_id: id }));
}

/** The events of a run that broke off while its second task was running and its third one waited. */
export function brokenOffRun(id: string): RunEvent[] {
  const script = new RunScript(['one', 'two', 'three']);
  script.started('one').wait(1000).finished('one', { status: 'completed', output: 'answer of one' }).started('two');
  return script.events.map((event) => ({ ...event, run_id: id }));
}
