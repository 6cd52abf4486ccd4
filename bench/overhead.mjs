// What a task costs beside its request: so many tasks to a server that answers at once, in a process of its own. Ours, kept in
// the journal, beside the loop a programmer would write: the package `ollama`, one client for all, Node's fetch, p-limit.
// Prints the time of a task on both sides, their ratio, and the memory of a process that did nothing else.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { useOwnHome } from './home.mjs';
import { atMost, number, runAlone, times } from './section.mjs';
import { startStub } from './stub-server.mjs';

const file = fileURLToPath(import.meta.url);
const limits = { ratio: 0.8, megabytes: 200, growth: 1.1 };
const concurrency = 8;
const prompt = 'Name a colour.';
const answer = { response: 'Red.', prompt_eval_count: 5, eval_count: 2 };

/** @param {import('./section.mjs').Options} options */
export async function* measureOverhead({ quick, words }) {
  const counts = words.length > 0 ? words.map(Number) : quick ? [100, 1000] : [100, 1000, 10_000, 100_000];
  const server = await startStub({ models: ['m'], loaded: true, answer });
  try {
    const env = { ...process.env, OLLAMA_ORCHESTRATE_HOME: useOwnHome(), OLLAMA_HOST: server.url };
    const measured = [];
    for (const count of counts) measured.push(await compare(count, env));
    yield sectionOf(measured);
  } finally {
    server.stop();
  }
}

/** Each side runs in a process of its own, in turns; of an odd number of rounds the one in the middle counts. */
async function compare(count, env) {
  const rounds = count >= 10_000 ? 1 : 3;
  const sides = { ours: [], plain: [] };
  for (let round = 0; round < rounds; round++) {
    for (const side of Object.keys(sides)) sides[side].push(await inChild([side, count], env));
  }
  const [ours, plain] = [median(sides.ours), median(sides.plain)];
  return { count, ours, plain, ratio: ours.ms / plain.ms };
}

function sectionOf(measured) {
  const each = ({ ms }, count) => `${((ms * 1000) / count).toFixed(0)} µs`;
  const megabytes = (value) => `${value.toFixed(0)} MB`;
  const memoryAt = (count) => measured.find((each) => each.count === count)?.ours.megabytes;
  const [many, most] = [memoryAt(10_000), memoryAt(100_000)];
  return {
    title: 'What a task costs beside its request',
    about: `Tasks to a server that answers at once. Ours are kept in the journal; the plain loop is one client of the package
\`ollama\`, Node's fetch and p-limit, ${concurrency} at a time on both sides. Memory is the most that a process held that did nothing
else.`,
    columns: ['tasks', 'ours, each', 'plain loop, each', 'ratio', 'memory of ours', 'memory of the loop'],
    rows: measured.map(({ count, ours, plain, ratio }) => [
      ...[number(count), each(ours, count), each(plain, count), times(ratio)],
      ...[megabytes(ours.megabytes), megabytes(plain.megabytes)],
    ]),
    checks: [
      ...measured.map(({ count, ratio }) =>
        atMost(`time of ${number(count)} tasks over the loop`, ratio, limits.ratio, times),
      ),
      ...(most === undefined ? [] : [atMost('memory for 100,000 tasks', most, limits.megabytes, megabytes)]),
      ...(most === undefined || many === undefined
        ? []
        : [atMost('memory for 100,000 tasks over that for 10,000', most / many, limits.growth, times)]),
    ],
  };
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
    if (!answers.every(({ response }) => response === answer.response)) throw new Error('an answer is missing');
  };
}

const [role, count] = process.argv.slice(2);
if (process.argv[1] === file && (role === 'ours' || role === 'plain')) await act(role, Number(count));
else await runAlone(import.meta.url, measureOverhead);
