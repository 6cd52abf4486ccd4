import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import type { Output } from '../../../src/host/host.ts';
import { createRenderer, type RenderOptions } from '../../../src/render/index.ts';
import { testHost, type TestHostOptions } from '../../rig/test-host.ts';
import { RunScript } from './run-script.ts';
import { busy, scenarios } from './scenarios.ts';
import { show } from './show.ts';
import { TestTerminal } from './terminal.ts';

const color = /\x1b\[\d/;

test.each<[string, TestHostOptions, boolean | undefined, boolean]>([
  ['a terminal', { isTTY: true }, undefined, true],
  ['a pipe', {}, undefined, false],
  ['NO_COLOR', { isTTY: true, env: { NO_COLOR: '1' } }, undefined, false],
  ['an empty NO_COLOR', { isTTY: true, env: { NO_COLOR: '' } }, undefined, true],
  ['a dumb terminal', { isTTY: true, env: { TERM: 'dumb' } }, undefined, false],
  ['FORCE_COLOR in a pipe', { env: { FORCE_COLOR: '1' } }, undefined, true],
  ['FORCE_COLOR=0 on a terminal', { isTTY: true, env: { FORCE_COLOR: '0' } }, undefined, false],
  ['--no-color before FORCE_COLOR', { isTTY: true, env: { FORCE_COLOR: '1' } }, false, false],
])('%s: colours follow', async (_name, on, flag, expected) => {
  const { stdout, stderr } = await show(scenarios['all green']!, { color: flag }, on);
  expect([color.test(stdout), color.test(stderr)]).toEqual([expected, expected]);
});

test.each<[string, TestHostOptions, Partial<RenderOptions>, 'table' | 'lines']>([
  ['a terminal', { isTTY: true }, {}, 'table'],
  ['results in a pipe, progress on a terminal', { isTTY: { stderr: true } }, {}, 'table'],
  ['progress in a pipe', { isTTY: { stdout: true } }, {}, 'lines'],
  ['CI with a terminal', { isTTY: true, env: { CI: 'true' } }, {}, 'lines'],
  ['CI=false', { isTTY: true, env: { CI: 'false' } }, {}, 'table'],
  ['a dumb terminal', { isTTY: true, env: { TERM: 'dumb' } }, {}, 'lines'],
  ['events that fill the terminal', { isTTY: true }, { output: 'ndjson' }, 'lines'],
])('%s: the right view is taken', async (_name, on, options, expected) => {
  const { stderr } = await show(scenarios['all green']!, options, on);
  expect(/^TASK +STATUS/m.test(stderr) ? 'table' : 'lines').toBe(expected);
});

test('one task on a terminal streams as it arrives, with nothing drawn around it', async () => {
  const terminal = new TestTerminal();
  const [stdout, stderr] = [terminal.output(), terminal.output()];
  const host = { ...testHost(), io: { ...testHost().io, stdout, stderr } };
  const renderer = createRenderer({ quiet: false, verbose: false }, host);
  const script = new RunScript(['task1']).started('task1').delta('task1', 'Hel').delta('task1', 'lo \x1b');
  script.events.forEach((event) => renderer.onEvent(event));
  expect(await terminal.until('lo')).toBe('Hello ^[');
});

test('what a stream has not brought is printed at its end', async () => {
  const events = new RunScript(['task1'])
    .started('task1')
    .delta('task1', 'Hel')
    .completed('task1', 'Hello')
    .end('completed');
  expect((await show(events, {}, { isTTY: true })).stdout).toBe('Hello\n');
});

test('an output that is found in its answer is printed when it is there, not the answer as it arrives', async () => {
  const events = new RunScript([{ task: 'task1', form: 'json' }])
    .started('task1')
    .delta('task1', 'Sure: {"a":1}')
    .completed('task1', '{"a":1}')
    .end('completed');
  expect((await show(events, {}, { isTTY: true })).stdout).toBe('{"a":1}\n');
});

test('thinking is not part of the answer', async () => {
  const events = new RunScript(['task1']).started('task1').delta('task1', 'hm', 'thinking').delta('task1', 'yes');
  expect((await show(events.completed('task1', 'yes').end('completed'), {}, { isTTY: true })).stdout).toBe('yes\n');
});

test('a retry in the middle of a stream begins again on a new line', async () => {
  const script = new RunScript(['task1']).started('task1').delta('task1', 'half an').retrying('task1', busy);
  script.started('task1', { attempt: 2 }).delta('task1', 'whole').completed('task1', 'whole');
  const { stdout, stderr } = await show(script.end('completed'), {}, { isTTY: true, env: { NO_COLOR: '1' } });
  expect(stdout).toBe('half an\nwhole\n');
  expect(stderr).toMatch(/^task1 attempt 1 failed: the server is busy; retrying in 0.5s\n/);
});

test('a further attempt that brings all at once is printed whole', async () => {
  const script = new RunScript(['task1']).started('task1').delta('task1', 'half an').retrying('task1', busy);
  const events = script.started('task1', { attempt: 2 }).completed('task1', 'whole').end('completed');
  expect((await show(events, {}, { isTTY: true })).stdout).toBe('half an\nwhole\n');
});

test('a letter cut in two by the stream arrives whole', async () => {
  const [high, low] = ['👩'.slice(0, 1), '👩'.slice(1)];
  const script = new RunScript(['task1']).started('task1').delta('task1', `a${high}`).delta('task1', `${low}b`);
  expect((await show(script.completed('task1', 'a👩b').end('completed'), {}, { isTTY: true })).stdout).toBe('a👩b\n');
});

test('a large output into a slow pipe arrives whole before the renderer is closed', async () => {
  let taken = 0;
  const slow = new Writable({
    highWaterMark: 1024,
    write(chunk: Buffer, _encoding, done) {
      setImmediate(() => {
        taken += chunk.length;
        done();
      });
    },
  });
  const output = 'x'.repeat(2_000_000);
  const host = testHost();
  const renderer = createRenderer(
    { quiet: true, verbose: false },
    { ...host, io: { ...host.io, stdout: slow as Output } },
  );
  new RunScript(['a', 'b'])
    .completed('a', output)
    .completed('b', output)
    .end('completed')
    .forEach((event) => renderer.onEvent(event));
  await renderer.close();
  expect(taken).toBe(2 * (output.length + 1) + 2 * '=== a (llama3.2)\n'.length + 1);
});

test('a reader that has left does not keep the renderer from closing', async () => {
  const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('EPIPE')) });
  broken.on('error', () => undefined);
  const host = testHost();
  const renderer = createRenderer(
    { quiet: true, verbose: false },
    { ...host, io: { ...host.io, stdout: broken as Output } },
  );
  scenarios['all green']!.forEach((event) => renderer.onEvent(event));
  await expect(renderer.close()).resolves.toBeUndefined();
});

test('a run that never began has nothing to show', async () => {
  expect(await show([])).toEqual({ stdout: '', stderr: '' });
});

test('a view that fails is told when closing, and the others are closed still', async () => {
  const host = testHost({ isTTY: { stderr: true } });
  const renderer = createRenderer({ quiet: false, verbose: false }, host);
  const script = new RunScript(['task1', 'task2']).started('task1');
  script.events.forEach((event) => renderer.onEvent(event));
  renderer.onEvent({ ...script.events[1]!, task: 'unknown' } as (typeof script.events)[number]);
  await expect(renderer.close()).rejects.toThrow("task 'unknown' is not in the plan");
  expect(host.stderr).toContain('task1');
});
