// Fewest model loads: the same work done four ways on the same simulated servers, in one run. `naive` sends everything at once
// (Promise.all over the package `ollama`), `in order` one after another, `p-limit` four at a time, `ours` is the library. Prints
// time over that of a perfect order (each model loaded once, the server never idle), loads as the servers count them, and
// requests that were refused. A word after the command chooses the cases whose names have it.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Ollama } from 'ollama';
import pLimit from 'p-limit';
import { answerSeconds, cases, fleets } from './cases.mjs';

const program = fileURLToPath(new URL('../bin/ollama-orchestrate.js', import.meta.url));
const tokens = 20;

const sides = { naive: limited(Infinity), 'in order': limited(1), 'p-limit': limited(4), ours };
const home = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-bench-'));
process.env.OLLAMA_ORCHESTRATE_HOME = home;

try {
  const only = process.argv.slice(2).find((word) => !word.startsWith('-'));
  const chosen = (list) => list.filter(({ name }) => only === undefined || name.includes(only));
  // What a process loads when it is first used is no part of any order.
  await measure({ ...cases[0], tasks: cases[0].tasks.slice(0, 4) }, ours);
  for (const each of chosen(cases)) await compareSides(each);
  for (const each of chosen(fleets)) await compareFleets(each);
} finally {
  rmSync(home, { recursive: true, force: true });
}

async function compareSides(work) {
  console.log(`\n${work.name}`);
  const models = new Set(work.tasks.map(({ model }) => model)).size;
  const perfect = models * work.load + work.tasks.length * answerSeconds;
  if (work.isFlat) console.log(`  perfect order: ${models} loads, ${perfect} s`);
  for (const [side, run] of Object.entries(sides)) {
    const { seconds, loads, refused, lost } = await measure(work, run);
    const ratio = work.isFlat ? `   ${(seconds / perfect).toFixed(3)} x perfect` : '';
    const trouble = refused + lost > 0 ? `   ${refused} refused, ${lost} lost` : '';
    console.log(
      `  ${side.padEnd(9)} ${seconds.toFixed(1).padStart(8)} s ${String(loads).padStart(5)} loads${ratio}${trouble}`,
    );
  }
}

async function compareFleets(work) {
  console.log(`\n${work.name}`);
  const alone = await measure({ ...work, servers: [{}] }, ours);
  const all = await measure(work, ours);
  const target = work.target === undefined ? '' : `   at least ${work.target}`;
  console.log(`  1 host ${alone.seconds.toFixed(1)} s, all ${all.seconds.toFixed(1)} s`);
  console.log(`  ${(alone.seconds / all.seconds).toFixed(2)} x${target}   ${all.loads} loads, ${all.lost} lost`);
}

/** Time in seconds of the simulated servers. */
async function measure(work, run) {
  const servers = await Promise.all(work.servers.map((server) => startServer(work, server)));
  try {
    const startedAt = performance.now();
    const lost = await run(
      work,
      servers.map(({ url }) => url),
    );
    const seconds = (performance.now() - startedAt) / 1000 / work.scale;
    const counts = await Promise.all(servers.map(({ url }) => countsOf(url)));
    return { seconds, lost, loads: sum(counts, 'loads'), refused: sum(counts, 'refused') };
  } finally {
    for (const { child } of servers) child.kill();
  }
}

function sum(counts, key) {
  return counts.reduce((total, each) => total + each[key], 0);
}

/** @returns how many tasks have no answer */
async function ours({ tasks }, hosts) {
  const { createOrchestrator } = await import('../dist/lib/index.js');
  const models = [...new Set(tasks.map(({ model }) => model))];
  const run = await createOrchestrator().runWorkflow({
    agent: { name: 'bench', models, config: { hosts, max_concurrent_tasks: 64 } },
    steps: tasks.map(({ name, model, needs }) => ({ name, type: 'generate', input: name, model_name: model, needs })),
  });
  return run.steps.filter(({ status }) => status !== 'completed').length;
}

/** What a programmer would write: each task as soon as those it needs have ended, so many at a time. */
function limited(concurrency) {
  return async ({ tasks }, [host]) => {
    const client = new Ollama({ host });
    const limit = concurrency === Infinity ? (ask) => ask() : pLimit(concurrency);
    const ends = new Map();
    let lost = 0;
    for (const { name, model, needs } of tasks) {
      const ask = () => client.generate({ model, prompt: name, stream: false }).catch(() => (lost += 1));
      ends.set(
        name,
        Promise.all(needs.map((need) => ends.get(need))).then(() => limit(ask)),
      );
    }
    await Promise.all(ends.values());
    return lost;
  };
}

/** A server with room for one model at a time, each as large as another. */
async function startServer({ tasks, load, scale }, { speed = 1 }) {
  const models = [...new Set(tasks.map(({ model }) => model))].flatMap((name) => [
    '--model',
    `${name},load=${load / speed}s,tokens_per_second=${(tokens * speed) / answerSeconds},prompt_tokens_per_second=1000000,answer_tokens=${tokens}`,
  ]);
  const flags = ['simulate', '--port', '0', '--max-loaded', '1', '--time-scale', String(scale), ...models];
  const child = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const line of createInterface(child.stderr)) {
    const [url] = /http:\/\/\S+/.exec(line) ?? [];
    if (url) return { child, url };
    if (/error/.test(line)) console.error(line);
  }
  throw new Error('the simulated server did not start');
}

async function countsOf(url) {
  const { total, refused } = await (await fetch(`${url}/simulator/loads`)).json();
  return { loads: total, refused: Object.values(refused ?? {}).reduce((sum, count) => sum + count, 0) };
}
