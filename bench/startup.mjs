// How long the program takes to start, as ratios to bare `node -e 0`. All commands take turns within each round, so that
// a busy machine slows them alike; the median of the rounds counts.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rounds = Number(process.argv[2] ?? 30);
const bin = fileURLToPath(new URL('../bin/ollama-orchestrate.js', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-bench-'));
const env = { PATH: process.env.PATH, OLLAMA_ORCHESTRATE_HOME: home };

const bare = { name: 'node -e 0', args: ['-e', '0'] };
const commands = [
  { name: '--version', args: [bin, '--version'], limit: 1.25 },
  { name: '--help', args: [bin, '--help'], limit: 1.25 },
  { name: 'list-agents (none)', args: [bin, 'list-agents', '--config-dir', join(home, 'none')], limit: 2 },
  { name: 'list-agents (10)', args: [bin, 'list-agents'], limit: 2 },
];

try {
  for (let at = 0; at < 10; at++) start([bin, 'create-agent', `agent${at}`, '--models', 'llama3.2,codellama']);
  const times = new Map([bare, ...commands].map((command) => [command, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [command, taken] of times) taken.push(start(command.args));
  }
  const bareMs = median(times.get(bare));
  console.log(`node ${process.version}, median of ${rounds} rounds, bare node ${bareMs.toFixed(1)} ms`);
  for (const command of commands) {
    const { name, limit } = command;
    const ratio = median(times.get(command)) / bareMs;
    console.log(`${name.padEnd(20)} ${ratio.toFixed(2)} x   at most ${limit}: ${ratio <= limit ? 'ok' : 'too slow'}`);
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}

function start(args) {
  const from = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}\n${stderr}`);
  return performance.now() - from;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}
