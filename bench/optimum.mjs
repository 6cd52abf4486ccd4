// How near the order of our runs comes to the best one: random graphs of at most eight steps, each on a fresh simulated
// server with room for one model, whose counter tells the loads, beside the fewest of all orders.
import { createSeededRandom } from '../dist/lib/lib/seeded-random.js';
import { serveFetch } from '../dist/lib/lib/serve-fetch.js';
import { createSimulatorHandler } from '../dist/lib/simulator/handler.js';
import { createSimulation } from '../dist/lib/simulator/simulation.js';
import { fewestLoads } from './best-order.mjs';
import { useOwnHome } from './home.mjs';
import { atMost, none, number, runAlone, times } from './section.mjs';
import { ours } from './sides.mjs';

const models = ['a', 'b', 'c', 'd'];
const limit = 1.25;
const clock = {
  now: () => performance.timeOrigin + performance.now(),
  after: (delayMs, callback) => {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};

/** @param {import('./section.mjs').Options} options */
export async function* measureOptimum({ quick, words: [count = quick ? 20 : 200] }) {
  useOwnHome();
  const random = createSeededRandom(6);
  const measured = [];
  for (let index = 0; index < Number(count); index += 1) {
    const graph = randomGraph(random);
    measured.push({ fewest: fewestLoads(graph), ...(await runOnFreshServer(graph)) });
  }
  const ratios = measured.map(({ loads, fewest }) => loads / fewest);
  const sum = (key) => measured.reduce((total, each) => total + each[key], 0);
  yield {
    title: `The best order there is: ${measured.length} random graphs of at most eight steps`,
    about: `Steps of up to four models that need some of those before them. The fewest loads come from trying all orders, those
of our runs from the counter of the simulated server.`,
    columns: ['graphs', 'with the fewest loads', 'loads of ours', 'fewest loads', 'worst graph'],
    rows: [
      [
        measured.length,
        ratios.filter((ratio) => ratio === 1).length,
        number(sum('loads')),
        number(sum('fewest')),
        times(Math.max(...ratios)),
      ],
    ],
    checks: [
      atMost('loads of ours over the fewest, the worst graph', Math.max(...ratios), limit, times),
      none('steps that were lost', sum('lost')),
      none(
        'runs whose `model_loads` is not the counter of the server',
        measured.filter(({ told, loads }) => told !== loads).length,
      ),
    ],
  };
}

/** Each step needs up to three of those before it. */
function randomGraph(random) {
  const upTo = (most) => Math.floor(random() * (most + 1));
  return Array.from({ length: 2 + upTo(6) }, (_, index) => {
    const needs = index === 0 ? [] : Array.from({ length: upTo(3) }, () => `t${upTo(index - 1)}`);
    return { name: `t${index}`, model: models[upTo(models.length - 1)], needs: [...new Set(needs)] };
  });
}

/** Its seconds are shorter than a request takes: what counts here is the order. */
async function runOnFreshServer(graph) {
  const sketches = models.map((name) => ({ name, sizeBytes: 1e9, loadMs: 5_000, tokensPerSecond: 40 }));
  const simulation = createSimulation(
    { models: sketches, settings: { maxLoaded: 1, keepAliveMs: Infinity }, timeScale: 0.001 },
    { clock },
  );
  const server = await serveFetch(createSimulatorHandler(simulation), { address: '127.0.0.1', port: 0 });
  try {
    const done = await ours(graph, [server.url]);
    return { ...done, loads: simulation.server.scheduler.totalLoads };
  } finally {
    await server.close();
    simulation.clock.stop();
  }
}

await runAlone(import.meta.url, measureOptimum);
