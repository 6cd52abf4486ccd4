// The cases of loads.mjs, much smaller, on the real server that OLLAMA_ORCHESTRATE_TEST_HOST names. Two of its models are
// used, the smallest that complete, or those of OLLAMA_ORCHESTRATE_TEST_MODELS (`a,b`). A real server has no counter:
// count-loads.mjs says how its loads are read, the same for all sides. Each side begins with both models out of memory.
import { setTimeout as pause } from 'node:timers/promises';
import { fewestLoads } from './best-order.mjs';
import { chains, fan, inTurn } from './cases.mjs';
import { startCounting } from './count-loads.mjs';
import { useOwnHome } from './home.mjs';
import { atMost, none, number, runAlone, seconds, times } from './section.mjs';
import { sides } from './sides.mjs';

/** Answers are short: what is measured is the order. */
const options = { num_predict: 8 };
const patienceMs = 60_000;

/** @param {import('./section.mjs').Options} options */
export async function* measureReal({ quick }) {
  const { OLLAMA_ORCHESTRATE_TEST_HOST: given, OLLAMA_ORCHESTRATE_TEST_MODELS: named } = process.env;
  const title = 'A real server';
  if (!given) return yield { title, leftOut: '`OLLAMA_ORCHESTRATE_TEST_HOST` names no server' };
  const host = /^https?:/.test(given) ? given : `http://${given}`;
  useOwnHome();
  const models = named ? named.split(',') : await smallestModels(host);
  if (models.length < 2) return yield { title, leftOut: 'the server has not two models that complete a prompt' };
  const { version } = await ask(host, '/api/version');
  const measured = [];
  for (const { name, tasks } of quick ? works.slice(0, 1) : works) {
    const own = tasks.map((task) => ({ ...task, model: models[Number(task.model.slice(1))] }));
    const done = {};
    for (const [side, run] of Object.entries(sides)) done[side] = await measure(host, models, own, run);
    measured.push({ name, fewest: fewestLoads(own), done });
  }
  yield sectionOf(title, { version, models, measured });
}

const works = [
  { name: '12 tasks in turn on 2 models', tasks: inTurn(12, 2) },
  { name: '2 chains of 3 steps, models in turn', tasks: chains(2, 3) },
  { name: '1 step, 6 after it on 2 models, 1 after those', tasks: fan(6, 2) },
];

function sectionOf(title, { version, models, measured }) {
  const cellOf = ({ loads, seconds: took, refused, lost }) =>
    `${number(loads)} loads, ${seconds(took)}${refused + lost > 0 ? `, ${refused} refused, ${lost} lost` : ''}`;
  const all = measured.map(({ done }) => done.ours);
  const sum = (valueOf) => all.reduce((total, each) => total + valueOf(each), 0);
  return {
    title,
    about: `Ollama ${version}, models ${models.join(' and ')}. Loads are read from the server's answers, for all sides alike: as many as there
are moments at which requests had the model they had waited for. The fewest loads are those with room for one model.`,
    columns: ['work', 'fewest', ...Object.keys(sides), 'one by one over ours'],
    rows: measured.map(({ name, fewest, done }) => [
      ...[name, `${fewest} loads`, ...Object.values(done).map(cellOf)],
      times(done['one by one'].seconds / done.ours.seconds),
    ]),
    checks: [
      ...measured.map(({ name, fewest, done }) => atMost(`loads of ours: ${name}`, done.ours.loads, fewest, number)),
      none(
        'tasks of ours that were lost or refused',
        sum(({ lost, refused }) => lost + refused),
      ),
      none(
        '`model_loads` of our runs beside the loads that were read: difference',
        sum(({ told, loads }) => Math.abs(told - loads)),
      ),
    ],
  };
}

async function measure(host, models, tasks, run) {
  await emptyMemory(host, models);
  const counting = await startCounting(host);
  try {
    const startedAt = performance.now();
    const done = await run(tasks, [counting.url], options);
    const took = (performance.now() - startedAt) / 1000;
    return { ...done, seconds: took, loads: counting.loads(), refused: counting.refused() };
  } finally {
    counting.stop();
  }
}

async function emptyMemory(host, models) {
  for (const model of models) await ask(host, '/api/generate', { model, prompt: '', keep_alive: 0, stream: false });
  const isHeld = async () => {
    const { models: held } = await ask(host, '/api/ps');
    return held.some(({ name }) => models.some((model) => nameOf(model) === name));
  };
  for (let waitedMs = 0; await isHeld(); waitedMs += 100) {
    if (waitedMs > patienceMs) throw new Error(`${host} keeps models in memory that were to be unloaded`);
    await pause(100);
  }
}

async function smallestModels(host) {
  const { models } = await ask(host, '/api/tags');
  const found = [];
  for (const { name } of models.toSorted((a, b) => a.size - b.size)) {
    const { capabilities = [] } = await ask(host, '/api/show', { model: name });
    if (capabilities.includes('completion')) found.push(name);
    if (found.length === 2) break;
  }
  return found;
}

async function ask(host, path, body) {
  const response = await fetch(new URL(path, host), body && { method: 'POST', body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${host}${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

function nameOf(model) {
  return model.includes(':') ? model : `${model}:latest`;
}

await runAlone(import.meta.url, measureReal);
