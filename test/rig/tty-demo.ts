// A program for a terminal: shows a made-up run through the views that the real one uses. Each key it is sent plays one
// more part of the run; what happens to it in between is up to the test.
import type { RunEvent } from '../../src/events/event.ts';
import { createNodeHost } from '../../src/host/node-host.ts';
import { createRenderer } from '../../src/render/index.ts';
import { RunScript } from '../unit/render/run-script.ts';

const tasks = Number(process.argv[2]);
const names = Array.from({ length: tasks }, (_, index) => `task${index + 1}`);
const script = new RunScript(names, {}, Date.now());
const renderer = createRenderer({ quiet: false, verbose: false }, createNodeHost());
let seen = 0;

const parts: Record<string, () => void> = {
  s: () => {
    script.started('task1').started('task2');
    names.slice(2).forEach((name) => script.waiting(name, 'slot'));
    script.delta('task1', 'once upon a time').delta('task2', 'def add(a, b): return');
  },
  f: () => script.failed('task1', { code: 'host-gone', message: 'http://gpu1 went away' }),
  c: () => script.completed('task2', 'def add(a, b): return a + b'),
  e: () => {
    script.end('failed');
    process.stdin.pause();
    play();
    void renderer.close();
  },
  x: () => {
    throw new Error('a fault of ours');
  },
  // What a second Ctrl-C does.
  q: () => process.exit(130),
  // Three seconds of a thousand deltas each.
  d: () => flood(Date.now()),
};

process.stdin.setRawMode(true);
process.stdin.on('data', (keys: Buffer) => {
  for (const key of keys.toString()) {
    script.wait(Date.now() - script.nowMs);
    parts[key]?.();
    play();
  }
});
// Told to the test: from now on keys are read, and nothing echoes them.
process.stdout.write('ready\n');

function play(): void {
  for (; seen < script.events.length; seen += 1) renderer.onEvent(script.events[seen] as RunEvent);
}

function flood(sinceMs: number): void {
  const cpuBefore = process.cpuUsage();
  let sent = 0;
  const timer = setInterval(() => {
    const elapsedMs = Date.now() - sinceMs;
    script.wait(Date.now() - script.nowMs);
    for (; sent < elapsedMs; sent += 1) script.delta(sent % 2 === 0 ? 'task1' : 'task2', `word${sent} `);
    play();
    if (elapsedMs < 3000) return;
    clearInterval(timer);
    const { user, system } = process.cpuUsage(cpuBefore);
    const share = (user + system) / 1e3 / elapsedMs;
    process.stdout.write(`sent ${sent} deltas, cpu ${(share * 100).toFixed(1)} %\n`);
  }, 10);
}
