import { expect, test } from 'vitest';
import { exitCode } from '../../../src/cli/exit-code.ts';
import type { ProblemCode } from '../../../src/errors/catalogue.ts';
import type { RunEvent } from '../../../src/events/event.ts';
import { reduce } from '../../../src/events/reduce.ts';
import type { RunState } from '../../../src/events/run-state.ts';
import { RunScript } from '../render/run-script.ts';

test.each<[string, number, (ProblemCode | 'ok' | 'reused' | 'skipped')[]]>([
  ['all completed', 0, ['ok', 'ok']],
  ['one failed', 1, ['ok', 'server-error']],
  ['no server, nothing completed', 3, ['host-unreachable', 'host-gone']],
  ['no server, the dependents skipped', 3, ['host-unreachable', 'skipped']],
  ['server gone after something completed', 1, ['ok', 'host-gone']],
  ['server gone, but something was reused', 1, ['reused', 'host-gone']],
  ['engine not installed', 3, ['engine-missing']],
  ['model missing, nothing completed', 4, ['model-missing', 'model-missing']],
  ['model missing for one, the other completed', 1, ['model-missing', 'ok']],
  ['one without a server, one without its model', 1, ['host-unreachable', 'model-missing']],
  ['every failure a timeout', 5, ['timeout', 'stalled']],
  ['every failure a timeout, others completed', 5, ['ok', 'timeout']],
  ['a timeout and another failure', 1, ['timeout', 'server-error']],
  ['no model can do it', 1, ['model-incapable']],
])('%s: exit %i', (_name, code, outcomes) => {
  expect(exitCode(run(outcomes))).toBe(code);
});

test.each<[ProblemCode, RunState['status'], number]>([
  ['run-timeout', 'failed', 5],
  ['budget-reached', 'failed', 5],
  ['interrupted', 'interrupted', 130],
  ['terminated', 'interrupted', 143],
  ['cancelled', 'cancelled', 130],
  ['storage-failed', 'failed', 74],
  ['internal', 'failed', 70],
])('a run that ended for %s (%s): exit %i', (code, status, exit) => {
  const events = new RunScript(['a'])
    .finished('a', { status: 'cancelled' })
    .end(status, { problem: { code, message: code } });
  expect(exitCode(fold(events))).toBe(exit);
});

test('a problem that the run shares with its tasks does not outweigh what completed', () => {
  const problem = { code: 'host-gone', message: 'gone' } as const;
  const events = new RunScript(['a', 'b']).completed('a', 'x').failed('b', problem).end('failed', { problem });
  expect(exitCode(fold(events))).toBe(1);
});

test('a cancelled run exits as cancelled even when it names no problem', () => {
  expect(exitCode(fold(new RunScript(['a']).end('cancelled')))).toBe(130);
});

test('a run that broke off is not called a success', () => {
  expect(exitCode(fold(new RunScript(['a']).completed('a', 'x').events))).toBe(1);
});

function run(outcomes: readonly string[]): RunState {
  const names = outcomes.map((_, index) => `task${index + 1}`);
  const script = new RunScript(names);
  outcomes.forEach((outcome, index) => {
    const name = names[index] ?? '';
    if (outcome === 'ok') script.completed(name, 'x');
    else if (outcome === 'reused') script.finished(name, { status: 'reused', output: 'x' });
    else if (outcome === 'skipped') script.skipped(name, { code: 'needs-failed', message: 'needs' });
    else script.failed(name, { code: outcome as ProblemCode, message: outcome });
  });
  const isGreen = outcomes.every((outcome) => outcome === 'ok' || outcome === 'reused');
  return fold(script.end(isGreen ? 'completed' : 'failed'));
}

function fold(events: readonly RunEvent[]): RunState {
  return events.reduce<RunState | undefined>(reduce, undefined)!;
}
