import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { TestTerminal } from '../unit/render/terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-tty-'));
const program = join(folder, 'tty-demo.mjs');

// Node 20 cannot run TypeScript.
beforeAll(async () => {
  const bundle = await rolldown({ input: 'test/rig/tty-demo.ts', platform: 'node', logLevel: 'silent' });
  await bundle.write({ file: program, format: 'esm', codeSplitting: false });
  await bundle.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a hundred columns show two running rows with their streams and the waiting ones with their reason', async () => {
  const { terminal, press } = await start({ tasks: 8, columns: 100, rows: 30 });
  press('s');
  const rows = (await terminal.until('0/8 done')).split('\n').slice(1);
  expect(rows.map((row) => row.replace(/[\d.]+s\b/g, 'TIME').replace(/^[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/, '*'))).toEqual([
    '* task1  llama3.2    TIME              once upon a time',
    '* task2  llama3.2    TIME              def add(a, b): return',
    ...['task3', 'task4', 'task5', 'task6', 'task7', 'task8'].map((name) => `◌ ${name}  waiting: slot`),
    '▕                    ▏ 0/8 done · 2 running · TIME',
  ]);
});

test('a failure is seen at once, and the summary stays', async () => {
  const { terminal, press, exited } = await start({ tasks: 2, columns: 80, rows: 24 });
  press('s');
  await terminal.until('once upon');
  press('f');
  await terminal.until('✖ task1');
  press('ce');
  await exited;
  const screen = await terminal.screen();
  expect(screen.replace(/failed in [\d.]+s/, 'failed in TIME')).toBe(
    [
      'ready',
      '=== task2 (llama3.2)',
      'def add(a, b): return a + b',
      '',
      'TASK    STATUS      MODEL      TIME   LOAD   IN   OUT   TOK/S',
      'task1   failed      llama3.2',
      'task2   completed   llama3.2   1.5s   0.5s   15    30    20.1',
      'task1 failed: http://gpu1 went away',
      '1 of 2 tasks completed, 1 failed in TIME, 30 tokens written, 1 model load',
    ].join('\n'),
  );
});

test.each([
  ['the run ends', 'e'],
  ['the program throws', 'x'],
  ['the program is ended at once', 'q'],
])('the cursor is back after %s', async (_name, key) => {
  const { terminal, press, exited } = await start({ tasks: 2, columns: 80, rows: 24 });
  press('s');
  await terminal.until('0/2 done');
  expect(terminal.isCursorVisible).toBe(false);
  press(key);
  await exited;
  await terminal.screen();
  expect(terminal.isCursorVisible).toBe(true);
});

test('forty columns are enough', async () => {
  const { terminal, press } = await start({ tasks: 2, columns: 40, rows: 12 });
  press('s');
  const rows = (await terminal.until('0/2 done')).split('\n').slice(1);
  expect(rows).toHaveLength(3);
  expect(rows[0]).toMatch(/^. task1 {3,}[\d.]+s {2}once upon a time$/);
});

test('colours follow NO_COLOR', async () => {
  const plain = await start({ tasks: 2, columns: 80, rows: 24, env: { NO_COLOR: '1' } });
  plain.press('s');
  await plain.terminal.until('0/2 done');
  const colored = await start({ tasks: 2, columns: 80, rows: 24 });
  colored.press('s');
  await colored.terminal.until('0/2 done');

  const colors = /\x1b\[3\dm/;
  expect([colors.test(plain.raw()), colors.test(colored.raw())]).toEqual([false, true]);
});

test('five hundred tasks at a thousand deltas a second stay on the screen and leave the processor alone', async () => {
  const { terminal, press, raw } = await start({ tasks: 500, columns: 100, rows: 30 });
  press('s');
  await terminal.until('0/500 done');
  press('d');
  const screen = await terminal.until('cpu ');
  const [, deltas, share] = /sent (\d+) deltas, cpu ([\d.]+) %/.exec(raw()) ?? [];
  console.log(`live view of 500 tasks, ${deltas} deltas in 3 s: ${share} % of a core`);
  expect(Number(deltas)).toBeGreaterThanOrEqual(3000);
  expect(Number(share)).toBeLessThanOrEqual(20);
  expect(screen.split('\n').length).toBeLessThanOrEqual(30);
});

interface Started {
  terminal: TestTerminal;
  press: (keys: string) => void;
  exited: Promise<number>;
  /** All bytes so far. */
  raw: () => string;
}

async function start(options: {
  tasks: number;
  columns: number;
  rows: number;
  env?: Record<string, string>;
}): Promise<Started> {
  const { tasks, columns, rows, env = {} } = options;
  const terminal = new TestTerminal(columns, rows);
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, [program, String(tasks)], {
    name: 'xterm-256color',
    cols: columns,
    rows,
    cwd: folder,
    env: { PATH, LANG: 'C.UTF-8', TERM: 'xterm-256color', ...env },
  });
  let bytes = '';
  let isRunning = true;
  child.onData((data) => {
    bytes += data;
    terminal.feed(data);
  });
  const exited = new Promise<number>((resolve) =>
    child.onExit(({ exitCode }) => {
      isRunning = false;
      resolve(exitCode);
    }),
  );
  onTestFinished(() => {
    if (isRunning) child.kill('SIGKILL');
  });
  await terminal.until('ready');
  return { terminal, press: (keys) => child.write(keys), exited, raw: () => bytes };
}
