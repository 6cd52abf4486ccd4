import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { isAlive, ownOwner } from '../../../src/journal/owner.ts';

const everything = { ownId: process.pid, isRunning: () => true };
const nothing = { ownId: process.pid, isRunning: () => false };
const hour = 3600e3;

const own = { ...ownOwner(everything), heartbeat_at: 0 };

test('a process on this machine lives as long as its id is taken, however long it was silent', () => {
  expect(isAlive(own, everything, hour)).toBe(true);
});

test('a process whose id nobody has is dead, however lately it was heard of', () => {
  expect(isAlive(own, nothing, 1)).toBe(false);
});

test.runIf(existsSync('/proc/self/stat'))('another process that has got the id is not the owner', () => {
  expect(isAlive({ ...own, started: 'another boot 12' }, everything, 1)).toBe(false);
});

test.runIf(existsSync('/proc/self/stat'))(
  'a process that has ended, and whose parent does not care, is dead',
  async () => {
    // The shell becomes a program that never asks after the child it began with.
    const parent = spawn('sh', ['-c', 'sleep 0 & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    try {
      while (isAlive({ ...ownOwner({ ...everything, ownId: pid }), heartbeat_at: 0 }, everything, 1)) {
        await new Promise((resolve) => setImmediate(resolve));
      }
    } finally {
      parent.kill('SIGKILL');
    }
  },
);

test('a process on another machine lives as long as it is heard of', () => {
  const elsewhere = { ...own, machine: 'elsewhere', heartbeat_at: hour };
  expect(isAlive(elsewhere, nothing, hour + 30_000)).toBe(true);
  expect(isAlive(elsewhere, everything, hour + 90_000)).toBe(false);
});
