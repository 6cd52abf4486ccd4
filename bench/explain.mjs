// What explaining 1,000 prompts costs beside explaining one: the same program, taking turns, the median of the rounds.
import { spawn, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { useOwnHome } from './home.mjs';
import { atMost, number, runAlone, times } from './section.mjs';
import { startStub } from './stub-server.mjs';

const most = 3;
const bin = fileURLToPath(new URL('../bin/ollama-orchestrate.js', import.meta.url));

/** @param {import('./section.mjs').Options} options */
export async function* measureExplain({ quick, words: [given = quick ? 3 : 15] }) {
  const rounds = Number(given);
  const home = useOwnHome();
  const server = await startStub({ models: ['llama3.2', 'codellama'] });
  const env = { PATH: process.env.PATH, OLLAMA_ORCHESTRATE_HOME: home, OLLAMA_HOST: server.url };
  try {
    spawnSync(process.execPath, [bin, 'create-agent', 'bench', '--models', 'llama3.2,codellama'], { env });
    const files = [1, 1_000].map((count) => {
      const file = join(home, `${count}.jsonl`);
      writeFileSync(file, Array.from({ length: count }, (_, at) => `${JSON.stringify(promptAt(at))}\n`).join(''));
      return { count, file, times: [] };
    });
    for (let round = 0; round < rounds; round += 1) {
      for (const { count, file, times } of files) times.push(await explain(file, count, env));
    }
    yield sectionOf(files, rounds);
  } finally {
    server.stop();
  }
}

function sectionOf(files, rounds) {
  const medians = files.map(({ times }) => times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]);
  const ratio = medians[1] / medians[0];
  return {
    title: 'What it costs to explain many prompts',
    about: `The whole program, from its start to its end; the median of ${rounds} rounds in turns.`,
    columns: ['prompts', 'time'],
    rows: files.map(({ count }, index) => [number(count), `${medians[index].toFixed(0)} ms`]),
    checks: [atMost('time of 1,000 prompts over that of one', ratio, most, times)],
  };
}

/** Prompts of about 400 characters, no two alike. */
function promptAt(at) {
  const about = ['a Python function that sorts', 'a poem on', 'the equation x^2 =', 'the history of'][at % 4];
  return {
    type: 'generate',
    input: `Tell me about ${about} ${at}. ${'Say it in plain words, and be brief. '.repeat(10)}`,
  };
}

async function explain(file, count, env) {
  const from = performance.now();
  const child = spawn(process.execPath, [bin, 'explain', 'bench', '--tasks-file', file, '--output', 'ndjson'], { env });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  const status = await new Promise((resolve) => child.once('close', resolve));
  const ms = performance.now() - from;
  if (status !== 0 || printed.split('\n').length !== count + 1) throw new Error(`explain ended with ${status}`);
  return ms;
}

await runAlone(import.meta.url, measureExplain);
