// How close a run comes to the longest path through its graph: workflows of several shapes, kept in the journal, on a server
// in a process of its own that takes 200 ms for each answer and has room for all models. No path can be quicker than what
// the server took for its answers; that is measured in the same run. Prints the time of the run over that of its longest path,
// and beside it what a client comes to that does nothing but fetch: on a busy machine, that is not 1 either.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { createSeededRandom } from '../dist/lib/lib/seeded-random.js';

const limit = 1.05;
const pieces = 10;
const pieceMs = 20;
// At most two requests are under way per server and model: with so many models no step has to wait for another's model.
const models = Array.from({ length: 12 }, (_, at) => `m${at}`);

const lists = 'three lists of 2 from one step';
const shapes = {
  'chain of 8': chain(8),
  diamond: [step('a', []), step('b', ['a']), step('c', ['a'], 1), step('d', ['b', 'c'])],
  'one, then 16, then one': [step('a', []), ...fan(16, ['a']), step('z', names(16))],
  ...Object.fromEntries([1, 2, 3, 4].map((seed) => [`random graph of 24, seed ${seed}`, randomGraph(24, seed)])),
  [lists]: [
    { ...step('list', []), format: { const: ['x', 'y'] } },
    ...[0, 1, 2].map((at) => ({ ...step(`each${at}`, ['list'], at), foreach: 'fromJSON(steps.list.output)' })),
    step('z', ['each0', 'each1', 'each2']),
  ],
};

await measure(Number(process.argv[2] ?? 5));

async function measure(rounds) {
  const home = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-bench-'));
  const { server, url, times } = await startServer(home);
  try {
    Object.assign(process.env, { OLLAMA_ORCHESTRATE_HOME: home, OLLAMA_HOST: url });
    for (const model of models) await fetch(`${url}/api/generate`, { method: 'POST', body: JSON.stringify({ model }) });
    const { createOrchestrator } = await import('../dist/lib/index.js');
    const orchestrator = createOrchestrator();
    const sides = { ours: (steps) => runAll(orchestrator, steps), bare: (steps) => fetchAll(url, steps) };
    // What is loaded once per process is no part of a graph.
    for (const run of Object.values(sides)) await ratioOf(shapes[lists], run, times);
    const measured = Object.fromEntries(Object.keys(shapes).map((name) => [name, { ours: [], bare: [] }]));
    for (let round = 0; round < rounds; round++) {
      for (const [name, steps] of Object.entries(shapes)) {
        for (const [side, run] of Object.entries(sides)) measured[name][side].push(await ratioOf(steps, run, times));
      }
    }
    report(measured, rounds);
  } finally {
    server.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

function report(measured, rounds) {
  console.log(
    `time of a run over that of its longest path: best, median and worst of ${rounds} runs; at most ${limit}`,
  );
  const width = Math.max(...Object.keys(measured).map((name) => name.length));
  for (const [name, { ours, bare }] of Object.entries(measured)) {
    const [best, middle, worst] = spread(ours);
    const ratios = [best, middle, worst].map(({ ratio }) => ratio.toFixed(3)).join('  ');
    const times = `${middle.wall.toFixed(0)} ms over ${middle.longest.toFixed(0)} ms`;
    const verdict = middle.ratio <= limit ? 'ok' : 'too much';
    console.log(`${name.padEnd(width)}  ${ratios}   ${times}   ${verdict}   bare: ${spread(bare)[1].ratio.toFixed(3)}`);
  }
}

/** Best, median and worst. */
function spread(all) {
  const sorted = all.toSorted((a, b) => a.ratio - b.ratio);
  return [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
}

async function ratioOf(steps, run, times) {
  const before = times().length;
  const startedAt = performance.now();
  await run(steps);
  const wall = performance.now() - startedAt;
  // The server notes an answer a moment after its last byte.
  await pause(100);
  const longest = longestPath(steps, times().slice(before));
  return { wall, longest, ratio: wall / longest };
}

async function runAll(orchestrator, steps) {
  const used = [...new Set(steps.map(({ model_name: model }) => model))];
  const run = await orchestrator.runWorkflow({
    agent: { name: 'bench', models: used, config: { max_concurrent_tasks: 64, options: { num_predict: pieces } } },
    steps,
  });
  if (run.status !== 'completed') throw new Error(`the run is ${run.status}: ${run.error}`);
}

/** The same requests in the same order, with nothing around them. */
async function fetchAll(url, steps) {
  const done = new Map();
  for (const { name, needs, input: prompt, model_name: model, format, foreach } of steps) {
    const body = JSON.stringify({ model, prompt, format, options: { num_predict: pieces } });
    const ask = async () => (await fetch(`${url}/api/generate`, { method: 'POST', body })).text();
    const all = () => Promise.all(Array.from({ length: foreach ? 2 : 1 }, ask));
    done.set(name, Promise.all(needs.map((need) => done.get(need))).then(all));
  }
  await Promise.all(done.values());
}

/** The sum of what the server took along the path for which that is most; of a list, the item that took longest counts. */
function longestPath(steps, requests) {
  const took = new Map();
  for (const { body, ms } of requests) {
    const [, name] = /^step (\w+)/.exec(body.prompt ?? '') ?? [];
    if (name) took.set(name, Math.max(took.get(name) ?? 0, ms));
  }
  const until = new Map();
  for (const { name, needs } of steps) {
    if (!took.has(name)) throw new Error(`the server was not asked for ${name}`);
    until.set(name, Math.max(0, ...needs.map((need) => until.get(need))) + took.get(name));
  }
  return Math.max(...until.values());
}

function step(name, needs, model = 0) {
  return { name, type: 'generate', input: `step ${name}`, needs, model_name: models[model % models.length] };
}

function chain(length) {
  return Array.from({ length }, (_, at) => step(`s${at}`, at === 0 ? [] : [`s${at - 1}`], at));
}

function fan(width, needs) {
  return names(width).map((name, at) => step(name, needs, at));
}

function names(count) {
  return Array.from({ length: count }, (_, at) => `f${at}`);
}

/** Steps that need some of those before them; each model has two of them. */
function randomGraph(size, seed) {
  const dice = createSeededRandom(seed);
  return Array.from({ length: size }, (_, at) => {
    const needs = Array.from({ length: at }, (_, before) => `r${before}`).filter(() => dice() < 2.5 / at);
    return step(`r${at}`, needs, at);
  });
}

/** The fake server of the tests; `times` is what it took for each request so far. */
async function startServer(folder) {
  const [program, file] = [join(folder, 'server.mjs'), join(folder, 'times.ndjson')];
  const input = fileURLToPath(new URL('../test/rig/fake-ollama-main.ts', import.meta.url));
  const bundle = await rolldown({ input, platform: 'node', logLevel: 'warn' });
  await bundle.write({ file: program, format: 'esm' });
  await bundle.close();
  const flags = ['--models', models.join(','), '--piece-ms', String(pieceMs), '--times', file];
  const server = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = await once(createInterface(server.stdout), 'line');
  const times = () =>
    readFileSync(file, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { server, url, times };
}
