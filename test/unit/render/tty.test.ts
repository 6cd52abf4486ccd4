import { expect, test } from 'vitest';
import type { RenderContext, Renderer } from '../../../src/render/renderer.ts';
import { createScreen, type Screen } from '../../../src/render/screen.ts';
import { createTtyView } from '../../../src/render/tty.ts';
import { testHost } from '../../rig/test-host.ts';
import { RunScript, startMs } from './run-script.ts';
import { busy, gone, hostile } from './scenarios.ts';
import { ManualClock, TestTerminal } from './terminal.ts';

const eight = ['task1', 'task2', 'task3', 'task4', 'task5', 'task6', 'task7', 'task8'];

test('shows the running tasks with the tail of their stream, then the waiting ones with their reason', async () => {
  const { terminal, play } = await openView({ columns: 100, rows: 30 });
  const script = new RunScript(eight).started('task1').started('task2');
  eight
    .slice(2)
    .forEach((name) =>
      script.waiting(
        name,
        name === 'task8' ? 'model' : 'slot',
        name === 'task8' ? 'codellama to load on http://gpu' : '',
      ),
    );
  script.delta('task1', 'def add(a, b):\n').wait(1000).delta('task1', '    return a').delta('task1', ' + b');
  await play(script);
  expect(await terminal.until('return')).toBe(
    [
      '⠴ task1  llama3.2    1.0s  ~2 tok/s    return a + b',
      '⠴ task2  llama3.2    1.0s              no answer yet',
      '◌ task3  waiting: slot',
      '◌ task4  waiting: slot',
      '◌ task5  waiting: slot',
      '◌ task6  waiting: slot',
      '◌ task7  waiting: slot',
      '◌ task8  waiting: codellama to load on http://gpu',
      '▕                    ▏ 0/8 done · 2 running · 1.0s',
    ].join('\n'),
  );
});

test('a step with many items counts them above those under way, in few rows', async () => {
  const { terminal, play } = await openView({ columns: 80, rows: 24 });
  const script = new RunScript(['each', { task: 'merge', needs: ['each'] }], { run_type: 'workflow' });
  script.expanded('each', 30);
  for (let index = 0; index < 30; index += 1) script.waiting(`each[${index}]`, 'slot');
  for (let index = 0; index < 9; index += 1) script.started(`each[${index}]`).completed(`each[${index}]`, 'x');
  await play(script.started('each[9]').started('each[10]').delta('each[10]', 'a tail').wait(1000));
  expect(await terminal.until('a tail')).toBe(
    [
      '⠴ each                  1.0s              9/30 items',
      '⠴ each[9]   llama3.2    1.0s              no answer yet',
      '⠴ each[10]  llama3.2    1.0s              a tail',
      '◌ merge     waiting: needs each',
      '▕                    ▏ 0/2 done · 1 running · 1.0s',
    ].join('\n'),
  );
});

test('a summary of many items has rows for the steps alone, and for items that failed', async () => {
  const { terminal, view, play } = await openView();
  const script = new RunScript(['each'], { run_type: 'workflow' }).expanded('each', 30);
  for (let index = 0; index < 29; index += 1) script.completed(`each[${index}]`, 'x');
  script.failed('each[29]', busy).failed('each', busy).end('failed');
  await play(script);
  await view.close();
  const rows = (await terminal.screen()).split('\n');
  expect(rows.slice(1, 3).map((row) => row.split(/ +/, 2))).toEqual([
    ['each', 'failed'],
    ['each[29]', 'failed'],
  ]);
  expect(rows).toHaveLength(5);
});

test('hides the cursor while it draws and gives it back', async () => {
  const { terminal, view, play } = await openView();
  await play(new RunScript(['task1']).started('task1'));
  await terminal.until('task1');
  expect(terminal.isCursorVisible).toBe(false);
  await view.close();
  await terminal.screen();
  expect(terminal.isCursorVisible).toBe(true);
});

test('ends with a summary in place of the rows', async () => {
  const { terminal, view, play, clock } = await openView();
  const script = new RunScript(['task1', 'task2']).started('task1');
  await play(script);
  await terminal.until('no answer yet');
  await play(script.wait(1500).completed('task1', 'x').failed('task2', gone));
  script.end('failed');
  await play(script);
  await view.close();
  expect(await terminal.screen()).toBe(
    [
      'TASK    STATUS      MODEL      TIME   LOAD   IN   OUT   TOK/S',
      'task1   completed   llama3.2   1.5s   0.5s   15    30    20.1',
      'task2   failed',
      'task2 failed: http://127.0.0.1:11434 went away; ollama serve',
      '1 of 2 tasks completed, 1 failed in 1.5s, 30 tokens written, 1 model load',
    ].join('\n'),
  );
  expect(clock.pending).toBe(0);
});

test('shows retries, fallbacks, failures and lost servers while they last', async () => {
  const { terminal, play } = await openView();
  const script = new RunScript(['task1', 'task2', 'task3']).started('task1').retrying('task1', busy);
  script
    .started('task2', { model: 'codellama', attempt: 2 })
    .delta('task2', 'hi')
    .failed('task3', gone)
    .hostChanged('down', gone);
  await play(script);
  expect(await terminal.until('done')).toBe(
    [
      '⠋ task2  codellama    0.0s              [attempt 2] [instead of llama3.2] hi',
      '↻ task1  retrying in 0.5s (attempt 1: the server is busy)',
      '✖ task3             failed: http://127.0.0.1:11434 went away',
      '⚠ http://127.0.0.1:11434 is down: http://127.0.0.1:11434 went away',
      '▕                    ▏ 1/3 done · 1 running · 1 failed · 0.0s',
    ]
      .join('\n')
      .replace('▕                    ▏', '▕██████              ▏'),
  );
});

test('fits into 40 columns', async () => {
  const { terminal, play } = await openView({ columns: 40, rows: 10 });
  const script = new RunScript(['a-rather-long-task-name', 'task2']).started('a-rather-long-task-name');
  await play(script.delta('a-rather-long-task-name', 'The quick brown fox jumps over the lazy dog 東京'));
  const screen = await terminal.until('done');
  expect(screen).toBe(
    [
      '⠋ a-rather-…    0.0s  …he lazy dog 東京',
      '◌ task2       waiting',
      '▕         ▏ 0/2 done · 1 running · 0.0s',
    ].join('\n'),
  );
});

test('keeps to ASCII where the terminal shows no more', async () => {
  const { terminal, play } = await openView({ unicode: false, columns: 60 });
  await play(new RunScript(['task1', 'task2']).started('task1').delta('task1', 'naïve 東京').waiting('task2', 'slot'));
  expect(await terminal.until('done')).toBe(
    [
      '| task1  llama3.2    0.0s              na?ve ??',
      '. task2  waiting: slot',
      '[                    ] 0/2 done, 1 running, 0.0s',
    ].join('\n'),
  );
});

test('model output cannot reach the terminal', async () => {
  const { terminal, play } = await openView();
  await play(new RunScript(['task1']).started('task1').delta('task1', hostile.replace('\r\nend', '')));
  expect(await terminal.until('txt.exe')).toBe(
    '⠋ task1  llama3.2    0.0s              …^[]0;owned^G ^[[2J\\x9b31m \\u202etxt.exe',
  );
});

test('of five hundred tasks the running ones and a few others have a row', async () => {
  const { terminal, play } = await openView({ columns: 100, rows: 30 });
  await play(fiveHundred());
  const lines = (await terminal.until('done')).split('\n');
  expect(lines.map((line) => line.slice(0, 9).trim())).toEqual([
    '⠋ task122',
    '⠋ task123',
    '◌ task124',
    '◌ task125',
    '◌ task126',
    '▕████',
  ]);
  expect(lines.at(-1)).toBe('▕████                ▏ 121/500 done · 2 running · 1 failed · 0.0s');
});

test('four rows of the terminal are left to what was there before', async () => {
  const { terminal, play } = await openView({ columns: 100, rows: 6 });
  await play(fiveHundred());
  expect((await terminal.until('done')).split('\n')).toHaveLength(2);
});

test('the bar gives way to the numbers', async () => {
  const { terminal, play } = await openView({ columns: 34 });
  await play(new RunScript(['task1', 'task2']).started('task1'));
  expect((await terminal.until('done')).split('\n').at(-1)).toBe('0/2 done · 1 running · 0.0s');
});

test('the rows appear in one piece', async () => {
  const { terminal, play } = await openView();
  await play(new RunScript(eight).started('task1'));
  await terminal.until('0/8 done');
  const [hideCursor, wholeBlock] = [1, 1];
  expect(terminal.writes).toBe(hideCursor + wholeBlock);
});

test('a further attempt does not show what the one before has written', async () => {
  const { terminal, play } = await openView();
  const script = new RunScript(['task1']).started('task1').delta('task1', 'half an answer').retrying('task1', busy);
  await play(script.started('task1', { attempt: 2 }));
  expect(await terminal.until('attempt 2')).toMatch(/\[attempt 2\] no answer yet$/);
});

test('draws at most five times a second, however much is written', async () => {
  const { terminal, play, clock } = await openView();
  const script = new RunScript(['task1', 'task2']).started('task1');
  await play(script);
  await terminal.until('done');
  const before = terminal.writes;
  for (let tick = 0; tick < 100; tick += 1) {
    await play(script.wait(10).delta('task1', 'a').delta('task1', 'b'));
  }
  expect(terminal.writes - before).toBe(5);
  expect(clock.pending).toBe(1);
});

test('draws nothing while nothing changes', async () => {
  const { terminal, view, clock } = await openView();
  const script = new RunScript(['task1']).waiting('task1', 'slot');
  script.events.forEach((event) => view.onEvent(event));
  clock.advance(0);
  await terminal.until('waiting');
  const before = terminal.writes;
  clock.advance(60_000);
  expect(terminal.writes).toBe(before);
});

test('what is printed on the same terminal stays above the rows', async () => {
  const { terminal, play, screen } = await openView();
  await play(new RunScript(['task1', 'task2']).started('task1'));
  await terminal.until('done');
  screen.print('=== task0\nan answer\n');
  screen.print('another\n');
  expect((await terminal.screen()).split('\n').map((line) => line.slice(0, 9))).toEqual([
    '=== task0',
    'an answer',
    'another',
    '⠋ task1  ',
    '◌ task2  ',
    '▕        ',
  ]);
});

test.each([
  ['narrower', 50],
  ['wider', 120],
])('a terminal that becomes %s leaves no rests of old rows', async (_name, columns) => {
  const { terminal, play } = await openView({ columns: 80, rows: 24 });
  const script = new RunScript(['task1', 'task2']).started('task1').delta('task1', 'words '.repeat(40));
  terminal.feed('$ ollama-orchestrate\n');
  await play(script);
  await terminal.until('done');
  terminal.resize(columns, 24);
  await play(script.wait(400));
  const lines = (await terminal.until('0.4s')).split('\n');
  expect(lines.map((line) => line.slice(0, 7))).toEqual(['$ ollam', '⠹ task1', '◌ task2', lines[3]?.slice(0, 7)]);
  expect(lines[3]).toContain('0/2 done');
});

function fiveHundred(): RunScript {
  const names = Array.from({ length: 500 }, (_, index) => `task${index + 1}`);
  const script = new RunScript(names);
  names.slice(0, 120).forEach((name) => script.completed(name, 'x'));
  return script.failed('task121', gone).started('task122').started('task123').waiting('task124', 'slot');
}

interface OpenView {
  view: Renderer;
  terminal: TestTerminal;
  clock: ManualClock;
  screen: Screen;
  /** Hands over the events not seen yet and moves the clock to where the script stands. */
  play: (script: RunScript) => Promise<void>;
}

async function openView({ columns = 80, rows = 24, unicode = true } = {}): Promise<OpenView> {
  const terminal = new TestTerminal(columns, rows);
  const clock = new ManualClock(startMs);
  const output = terminal.output();
  const host = { ...testHost({ clock }), io: { ...testHost().io, stdout: output, stderr: output } };
  const screen = createScreen(output);
  const both = { stdout: true, stderr: true };
  const context: RenderContext = {
    host,
    screen,
    terminal: both,
    color: { stdout: false, stderr: false },
    unicode,
    verbose: false,
  };
  const view = createTtyView(context);
  let seen = 0;
  const play = async (script: RunScript) => {
    for (; seen < script.events.length; seen += 1) view.onEvent(script.events[seen]!);
    clock.advance(script.nowMs - clock.now());
    await terminal.screen();
  };
  return Promise.resolve({ view, terminal, clock, screen, play });
}
