// Fifty processes that create an agent each, all at once, against fifty that list agents: prints the ratio of the times
// and how many agents are there in the end. Rounds take turns, so that a busy machine slows both alike.
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const crowd = 50;
const rounds = Number(process.argv[2] ?? 3);
const limit = 1.5;
const bin = fileURLToPath(new URL('../bin/ollama-orchestrate.js', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-bench-'));

const ratios = [];
try {
  for (let round = 0; round < rounds; round++) {
    const directory = join(home, String(round));
    const creating = await time((at) => ['create-agent', `agent${at}`, '--models', 'llama3.2'], directory);
    const listing = await time(() => ['list-agents'], directory);
    const agents = readdirSync(join(directory, 'agents')).length;
    ratios.push(creating / listing);
    console.log(
      `${agents} of ${crowd} agents; creating ${(creating / 1e3).toFixed(1)} s, listing ${(listing / 1e3).toFixed(1)} s`,
    );
  }
  const ratio = ratios.toSorted((a, b) => a - b)[Math.floor(rounds / 2)];
  console.log(`creating / listing: ${ratio.toFixed(2)}   at most ${limit}: ${ratio <= limit ? 'ok' : 'too slow'}`);
} finally {
  rmSync(home, { recursive: true, force: true });
}

async function time(argsOf, directory) {
  const from = performance.now();
  await Promise.all(Array.from({ length: crowd }, (_, at) => run([...argsOf(at), '--config-dir', directory])));
  return performance.now() - from;
}

function run(args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], { env: { PATH: process.env.PATH }, stdio: 'ignore' });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${args.join(' ')} ended with ${code}`))));
  });
}
