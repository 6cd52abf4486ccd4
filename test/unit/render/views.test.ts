// Every view runs every scenario; what each is for is asserted one by one below.
import { expect, test } from 'vitest';
import type { RunDocument } from '../../../src/events/run-document.ts';
import { answerFormats, type RenderOptions } from '../../../src/render/index.ts';
import type { TestHostOptions } from '../../rig/test-host.ts';
import { scenarios } from './scenarios.ts';
import { show } from './show.ts';

const formats = Object.keys(answerFormats) as (keyof typeof answerFormats)[];
const places: [string, TestHostOptions, Partial<RenderOptions>][] = [
  ['a terminal', { isTTY: true }, {}],
  ['a pipe', {}, {}],
  ['a pipe, verbose', {}, { verbose: true }],
  ['a narrow terminal without Unicode', { isTTY: true, columns: 40, env: { LANG: 'C' } }, {}],
];

for (const [place, on, more] of places) {
  for (const output of formats) {
    test.each(Object.entries(scenarios))(`no event upsets ${output} on ${place}: %s`, async (_name, events) => {
      const { stderr } = await show(events, { output, ...more }, on);
      expect(stderr).not.toMatch(/undefined|NaN|\[object/);
    });
  }
}

const obeyed = /\x1b(?!\[(\?25[hl]|[\d;]*m|2K|1A|G))|[\x07\x9b\u202e]/;

test.each(formats)('nothing hostile reaches a terminal as %s', async (output) => {
  const { stdout, stderr } = await show(scenarios['hostile output']!, { output }, { isTTY: true });
  expect(stdout + stderr).not.toMatch(obeyed);
});

test('text in a pipe is raw', async () => {
  const { stdout } = await show(scenarios['hostile output']!);
  expect(stdout).toBe('=== task1 (llama3.2)\nsee\x1b]0;owned\x07 \x1b[2J\x9b31m \u202etxt.exe\r\nend\n');
});

test('one task is its bare output and one newline', async () => {
  expect((await show(scenarios['one task']!)).stdout).toBe('Hello\n');
});

test('an embed task is its vector', async () => {
  expect((await show(scenarios['embed']!)).stdout).toBe('[0.5,-1]\n');
});

test('several tasks are blocks in the order of the plan', async () => {
  const { stdout } = await show(scenarios['all green']!);
  expect(stdout).toBe('=== task1 (llama3.2)\nHello\n\n=== task2 (llama3.2)\nWorld\n');
});

test('a workflow is the output of its last step', async () => {
  expect((await show(scenarios['workflow']!)).stdout).toBe('the code\n');
});

test('a workflow whose last step did not complete prints no result', async () => {
  expect((await show(scenarios['failure with skips']!)).stdout).toBe('');
});

test('the text of a step with items is printed once', async () => {
  const events = scenarios['items and a condition']!;
  expect((await show(events)).stdout).toBe('one\n\ntwo\n');
  const { stdout } = await show(events, { output: 'markdown' });
  expect(stdout.match(/^## .*$/gm)).toEqual(['## plan', '## each']);
  expect([...stdout.matchAll(/^\| (\S+) \| (?:completed|skipped)/gm)].map(([, name]) => name)).toEqual([
    'plan',
    'each',
    'each\\[0\\]',
    'each\\[1\\]',
    'never',
  ]);
});

test('a step whose condition does not hold is told, but not as a failure', async () => {
  const events = scenarios['items and a condition']!;
  const red = '\x1b[31m';
  const said = "never skipped: not run, because 'vars.x' does not hold";
  for (const on of [{ isTTY: true }, {}]) {
    const { stderr } = await show(events, {}, { ...on, env: { FORCE_COLOR: '1' } });
    expect(stderr).toContain(`\x1b[2m${said}`);
    expect(stderr).not.toContain(red);
  }
  expect((await show(events, { quiet: true })).stderr).toBe('');
});

test('outputs of what completed are printed beside failures', async () => {
  const { stdout, stderr } = await show(scenarios['model missing']!);
  expect(stdout).toBe('=== task2 (llama3.2)\nfine\n');
  expect(stderr).toContain(
    "task1 failed: model 'llama3.2' is not installed on http://127.0.0.1:11434; ollama pull llama3.2\n",
  );
});

test('a pipe gets one plain line per transition', async () => {
  expect((await show(scenarios['retry, then ok']!)).stderr).toBe(
    [
      'run run-1: 2 tasks, agent reviewer',
      'task1 started: llama3.2 on http://127.0.0.1:11434',
      'task1 attempt 1 failed: the server is busy; retrying in 0.5s',
      'task1 started (attempt 2): codellama on http://127.0.0.1:11434, instead of llama3.2',
      'task1 completed in 1.5s, 30 tokens, 20.1 tokens/s (codellama)',
      'task2 started: llama3.2 on http://127.0.0.1:11434',
      'task2 completed in 1.5s, 30 tokens, 20.1 tokens/s (llama3.2)',
      'task2 warning: the answer was cut at 30 tokens',
      '2 tasks completed in 0.5s, 60 tokens written, 1 model load',
      '',
    ].join('\n'),
  );
});

test('--verbose adds why tasks wait and why a model was taken', async () => {
  const { stderr } = await show(scenarios['all green']!, { verbose: true });
  expect(stderr).toContain('task2 waiting: slot\n');
  expect(stderr).toContain('task1 started: llama3.2 on http://127.0.0.1:11434 (default model)\n');
});

test('one reason for every failure is one line in the summary of a terminal', async () => {
  const { stderr } = await show(scenarios['server lost']!, {}, { isTTY: true, env: { NO_COLOR: '1' } });
  expect(stderr.match(/went away/g)).toHaveLength(1);
  expect(stderr).toContain('all 3 tasks failed: http://127.0.0.1:11434 went away; ollama serve\n');
});

test('tasks that were never sent are told together in a pipe', async () => {
  const { stderr } = await show(scenarios['server lost']!);
  expect(stderr).not.toContain('task2 failed');
  expect(stderr).toContain('\ntask2, task3 failed: http://127.0.0.1:11434 went away; ollama serve\n');
});

test('a model that stood in for another is said aloud, with the other warnings', async () => {
  const { stderr } = await show(scenarios['retry, then ok']!, {}, { isTTY: true, env: { NO_COLOR: '1' } });
  expect(stderr).toContain(
    '\nwarning: task1: ran on codellama instead of llama3.2\nwarning: task2: the answer was cut at 30 tokens\n',
  );
});

test('of many tasks the summary lists those that failed', async () => {
  const { stderr } = await show(scenarios['200 tasks']!, {}, { isTTY: true, env: { NO_COLOR: '1' } });
  expect(stderr).toBe(
    [
      '',
      'TASK      STATUS   MODEL      TIME   LOAD   IN   OUT   TOK/S',
      'task100   failed   llama3.2',
      'task200   failed   llama3.2',
      "task100 failed: task 'task100' fell silent",
      "task200 failed: task 'task200' fell silent",
      '198 of 200 tasks completed, 2 failed in 2.0s, 5940 tokens written, 1 model load',
      '',
    ].join('\n'),
  );
});

test('--quiet says nothing when all went well', async () => {
  const shown = await show(scenarios['retry, then ok']!, { quiet: true }, { isTTY: true });
  expect(shown.stderr).toBe('');
  expect(shown.stdout).toContain('second try');
});

test('--quiet tells problems', async () => {
  const { stderr } = await show(scenarios['failure with skips']!, { quiet: true });
  expect(stderr).toBe(
    "code failed: step 'code' took longer than 30s; --timeout 60s\nstyle skipped: step 'style' needs 'code', which failed\n",
  );
});

test('a reader who left is told nothing when nothing had failed', async () => {
  const { stderr } = await show(scenarios['cancelled']!, { quiet: true }, {}, (host) => host.interrupt('SIGPIPE'));
  expect(stderr).toBe('');
});

test('an interrupted run says so once', async () => {
  const { stderr } = await show(scenarios['cancelled']!, { quiet: true });
  expect(stderr).toBe('stopped by SIGINT\n');
});

test('json is the run document', async () => {
  const { stdout } = await show(scenarios['failure with skips']!, { output: 'json' });
  const document = JSON.parse(stdout) as RunDocument;
  expect(document.steps?.map(({ name, status }) => `${name} ${status}`)).toEqual([
    'plan completed',
    'code failed',
    'style skipped',
  ]);
  expect(stdout).toMatch(/^\{\n {2}"id": "run-1",\n[^]*\n\}\n$/);
});

test('json of hostile output is the same document on a terminal', async () => {
  const piped = await show(scenarios['hostile output']!, { output: 'json' });
  const seen = await show(scenarios['hostile output']!, { output: 'json' }, { isTTY: true });
  expect(JSON.parse(seen.stdout)).toEqual(JSON.parse(piped.stdout));
});

test('ndjson is the events', async () => {
  const { stdout } = await show(scenarios['all green']!, { output: 'ndjson' });
  const lines = stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(scenarios['all green']);
});

test.each([
  ['text', '=== task1 (llama3.2)\nHello\n\n=== task2 (llama3.2)\nWorld\n'],
  ['ndjson', 'Hello'],
] as const)('a run that goes on prints as %s what it should', async (output, expected) => {
  const events = scenarios['all green']!;
  const half = events.findIndex(({ type }) => type === 'task.finished') + 1;
  const again = [{ ...events[0]!, seq: half + 1 }, ...events.slice(half)] as typeof events;
  const { stdout, stderr } = await show(again, { output }, {}, () => undefined, events.slice(0, half));
  expect(stdout).toContain(expected);
  expect(stdout.includes('World')).toBe(output === 'text');
  expect(stderr).not.toContain('task2 completed');
  expect(stderr).toContain('2 tasks completed');
});
