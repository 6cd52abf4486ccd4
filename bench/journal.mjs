// What keeping a run costs: a workflow whose steps follow one another, with the journal and without, taking turns within
// each round; a server that answers at once, in a process of its own. Prints the median time of a step on both sides.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(import.meta.url);
const limitMs = 3;
const steps = 200;
const answer = 'word '.repeat(400);

if (process.send) serve();
else await measure(Number(process.argv[2] ?? 10));

async function measure(rounds) {
  const home = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-bench-'));
  const server = fork(file);
  try {
    const [url] = await once(server, 'message');
    Object.assign(process.env, { OLLAMA_ORCHESTRATE_HOME: home, OLLAMA_HOST: url });
    const { createOrchestrator } = await import('../dist/lib/index.js');
    const sides = [true, false].map((journal) => ({ orchestrator: createOrchestrator({ journal }), times: [] }));
    for (let round = 0; round < rounds; round++) {
      for (const { orchestrator, times } of sides) times.push(...(await stepTimes(orchestrator)));
    }
    const [withJournal, without] = sides.map(({ times }) => median(times));
    const cost = withJournal - without;
    console.log(`${rounds} rounds of ${steps} steps, each with ${answer.length} characters of answer`);
    console.log(`with the journal ${withJournal.toFixed(2)} ms a step, without ${without.toFixed(2)} ms`);
    console.log(`cost: ${cost.toFixed(2)} ms   at most ${limitMs}: ${cost <= limitMs ? 'ok' : 'too much'}`);
  } finally {
    server.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

/** From the end of each step to the end of the next. */
async function stepTimes(orchestrator) {
  const ends = [];
  await orchestrator.runWorkflow(
    {
      agent: { name: 'bench', models: ['m'] },
      steps: Array.from({ length: steps }, () => ({ type: 'generate', input: 'Go on' })),
      sequential: true,
    },
    { onEvent: ({ type }) => type === 'task.finished' && ends.push(performance.now()) },
  );
  return ends.slice(1).map((end, at) => end - ends[at]);
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

function serve() {
  const answers = {
    '/api/tags': { models: [{ name: 'm:latest', model: 'm:latest', digest: 'd', size: 1, details: {} }] },
    '/api/ps': { models: [] },
    '/api/show': { capabilities: ['completion'], model_info: {} },
    '/api/version': { version: '0.12.0' },
    '/api/generate': { model: 'm', response: answer, done: true, done_reason: 'stop', eval_count: 400 },
  };
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end(`${JSON.stringify(answers[request.url] ?? {})}\n`));
  });
  server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
}
