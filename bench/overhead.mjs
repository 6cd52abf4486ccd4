// What a task costs beside its request: so many tasks to a server that answers at once, in a process of its own. Ours, kept in
// the journal, beside the loop a programmer would write: the package `ollama`, one client for all, Node's fetch, p-limit.
// Prints the time of a task on both sides, their ratio, and the memory of a process that did nothing else.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(import.meta.url);
const limits = { ratio: 0.8, megabytes: 200 };
const concurrency = 8;
const prompt = 'Name a colour.';

const [role, ...given] = process.argv.slice(2);
if (role === 'serve') serve();
else if (role === 'ours' || role === 'plain') await act(role, ...given.map(Number));
else await measure([role, ...given].filter(Boolean).map(Number));

/** Each side runs in a process of its own, twice as many rounds as are needed to see one side's luck. */
async function measure(counts) {
  const home = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-bench-'));
  const server = fork(file, ['serve']);
  try {
    const [url] = await once(server, 'message');
    const env = { ...process.env, OLLAMA_ORCHESTRATE_HOME: home, OLLAMA_HOST: url };
    console.log('tasks     ours        plain loop   ratio           memory of ours');
    for (const count of counts.length > 0 ? counts : [100, 1000, 10_000, 100_000]) {
      const rounds = count >= 10_000 ? 1 : 3;
      const sides = { ours: [], plain: [] };
      for (let round = 0; round < rounds; round++) {
        for (const side of Object.keys(sides)) sides[side].push(await inChild([side, count], env));
      }
      report(count, median(sides.ours), median(sides.plain));
    }
  } finally {
    server.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

function report(count, ours, plain) {
  const each = ({ ms }) => `${((ms * 1000) / count).toFixed(0)} µs`.padEnd(10);
  const ratio = ours.ms / plain.ms;
  const verdict = ratio <= limits.ratio ? 'ok' : 'too much';
  const memory = `${ours.megabytes.toFixed(0)} MB ${ours.megabytes <= limits.megabytes ? 'ok' : 'too much'}`;
  console.log(
    `${String(count).padEnd(8)}  ${each(ours)}  ${each(plain)}   ${ratio.toFixed(2)} ${verdict.padEnd(9)}  ${memory}`,
  );
}

/** The round whose time is in the middle. */
function median(rounds) {
  return rounds.toSorted((a, b) => a.ms - b.ms)[Math.floor(rounds.length / 2)];
}

async function inChild(argv, env) {
  const child = fork(file, argv.map(String), { env });
  const [result] = await once(child, 'message');
  await once(child, 'exit');
  return result;
}

/** Does the tasks once for practice, a hundred of them, and then all for the record. */
async function act(side, count) {
  const run = side === 'ours' ? await ourSide() : await plainSide();
  await run(100);
  const startedAt = performance.now();
  await run(count);
  const ms = performance.now() - startedAt;
  process.send({ ms, megabytes: process.resourceUsage().maxRSS / 1000 });
  process.disconnect();
}

async function ourSide() {
  const { createOrchestrator } = await import('../dist/lib/index.js');
  const orchestrator = createOrchestrator();
  return async (count) => {
    let completed = 0;
    await orchestrator.execute(
      {
        run_type: 'tasks',
        agent: { name: 'bench', models: ['m'], config: { max_concurrent_tasks: concurrency } },
        tasks: Array.from({ length: count }, () => ({ type: 'generate', input: prompt })),
      },
      { onEvent: (event) => (completed += event.type === 'task.finished' && event.status === 'completed' ? 1 : 0) },
    );
    if (completed !== count) throw new Error(`${completed} of ${count} tasks completed`);
  };
}

async function plainSide() {
  const [{ Ollama }, { default: pLimit }] = await Promise.all([import('ollama'), import('p-limit')]);
  const client = new Ollama({ host: process.env.OLLAMA_HOST });
  const limit = pLimit(concurrency);
  return async (count) => {
    const ask = () => limit(() => client.generate({ model: 'm', prompt, stream: false }));
    const answers = await Promise.all(Array.from({ length: count }, ask));
    if (!answers.every(({ response }) => response === 'Red.')) throw new Error('an answer is missing');
  };
}

function serve() {
  const answers = {
    '/api/tags': { models: [{ name: 'm:latest', model: 'm:latest', digest: 'd', size: 1, details: {} }] },
    '/api/ps': { models: [{ name: 'm:latest', model: 'm:latest', digest: 'd', size: 1, details: {} }] },
    '/api/show': { capabilities: ['completion'], model_info: {} },
    '/api/version': { version: '0.24.0' },
    '/api/generate': {
      model: 'm',
      response: 'Red.',
      done: true,
      done_reason: 'stop',
      prompt_eval_count: 5,
      eval_count: 2,
    },
  };
  const texts = Object.fromEntries(
    Object.entries(answers).map(([path, answer]) => [path, `${JSON.stringify(answer)}\n`]),
  );
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end(texts[request.url] ?? '{}\n'));
  });
  server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
}
