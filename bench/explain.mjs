// What explaining 1,000 prompts costs beside explaining one: the same program, taking turns, the median of the rounds.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const rounds = Number(process.argv[2] ?? 15);
const most = 3;
const bin = fileURLToPath(new URL('../bin/ollama-orchestrate.js', import.meta.url));
const home = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-bench-'));
const server = createServer(answer).listen(0, '127.0.0.1');
await new Promise((resolve) => server.once('listening', resolve));
const env = {
  PATH: process.env.PATH,
  OLLAMA_ORCHESTRATE_HOME: home,
  OLLAMA_HOST: `http://127.0.0.1:${server.address().port}`,
};

try {
  spawnSync(process.execPath, [bin, 'create-agent', 'bench', '--models', 'llama3.2,codellama'], { env });
  const files = [1, 1_000].map((count) => {
    const file = join(home, `${count}.jsonl`);
    writeFileSync(file, Array.from({ length: count }, (_, at) => `${JSON.stringify(promptAt(at))}\n`).join(''));
    return { count, file, times: [] };
  });
  for (let round = 0; round < rounds; round += 1) {
    for (const { count, file, times } of files) times.push(await explain(file, count));
  }
  const [one, many] = files.map(({ times }) => times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)]);
  const ratio = many / one;
  console.log(
    `node ${process.version}, median of ${rounds} rounds: one prompt ${one.toFixed(0)} ms, 1,000 ${many.toFixed(0)} ms`,
  );
  console.log(`${ratio.toFixed(2)} x   at most ${most}: ${ratio <= most ? 'ok' : 'too slow'}`);
} finally {
  server.close();
  rmSync(home, { recursive: true, force: true });
}

/** Prompts of about 400 characters, no two alike. */
function promptAt(at) {
  const about = ['a Python function that sorts', 'a poem on', 'the equation x^2 =', 'the history of'][at % 4];
  return {
    type: 'generate',
    input: `Tell me about ${about} ${at}. ${'Say it in plain words, and be brief. '.repeat(10)}`,
  };
}

async function explain(file, count) {
  const from = performance.now();
  const child = spawn(process.execPath, [bin, 'explain', 'bench', '--tasks-file', file, '--output', 'ndjson'], { env });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk));
  const status = await new Promise((resolve) => child.once('close', resolve));
  const ms = performance.now() - from;
  if (status !== 0 || printed.split('\n').length !== count + 1) throw new Error(`explain ended with ${status}`);
  return ms;
}

/** As much of a server as a survey asks for. */
function answer({ url }, response) {
  const models = ['llama3.2:latest', 'codellama:latest'].map((name) => ({
    name,
    model: name,
    size: 1,
    digest: name,
    details: {},
  }));
  const bodies = { '/api/version': { version: '0.24.0' }, '/api/tags': { models }, '/api/ps': { models: [] } };
  const shown = { capabilities: ['completion'], details: {}, model_info: {} };
  response.setHeader('content-type', 'application/json').end(JSON.stringify(bodies[url] ?? shown));
}
