// What the benchmark of loads has done: lists, graphs and fleets, each with what a perfect order could reach.
import { fewestLoads, leastSeconds } from './best-order.mjs';

/** Seconds of the simulated server: what an answer takes. A load takes `ratio` times as long. */
export const answerSeconds = 1;

const ratios = [1, 5, 20];

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {{name: string, model: string, needs: string[]}[]} tasks
 * @property {number} load seconds of the load of a model
 * @property {Server[]} servers
 * @property {number} scale real seconds for each simulated one
 *
 * @typedef {object} Server
 * @property {number} [speed] times as quick as others at answers and loads
 * @property {number} [room] models in memory at once
 */
export const cases = [
  ...ratios.map((ratio) =>
    flat(`40 tasks in turn on 2 models, load:answer ${ratio}:1`, 40, 2, ratio, ratio > 5 ? 0.04 : 0.1),
  ),
  flat('200 tasks in turn on 5 models, load:answer 5:1', 200, 5, 5),
  graph('6 chains of 4 steps, models in turn', chains(6, 4)),
  graph('1 step, 16 after it on 3 models, 1 after those', fan(16)),
  graph('4 layers of 6 steps, models by step', layers(4, 6)),
  flat('1,319 tasks at once on 1 model', 1319, 1, 5, 0.03),
];

/** The same work on one server, and on several: how many times as quick. */
export const fleets = [
  fleet('2 equal servers', [{}, {}], 1.9),
  fleet('4 equal servers', [{}, {}, {}, {}], 3.7),
  fleet('4 servers, one twice and one half as quick', [{}, { speed: 2 }, {}, { speed: 0.5 }]),
];

/** The loads and the seconds of a perfect order on one server with room for one model. */
export function best({ tasks, load, isFlat }) {
  // A list needs no search: nothing keeps a model from being drained.
  const loads = isFlat ? new Set(tasks.map(({ model }) => model)).size : fewestLoads(tasks);
  return { loads, seconds: leastSeconds(tasks, loads, { loadSeconds: load, answerSeconds }) };
}

function flat(name, count, models, ratio, scale = 0.04) {
  return { name, tasks: inTurn(count, models), load: ratio * answerSeconds, servers: [{}], scale, isFlat: true };
}

function graph(name, tasks) {
  return { name, tasks, load: 5 * answerSeconds, servers: [{}], scale: 0.04, isFlat: false };
}

function fleet(name, servers, target) {
  const tasks = Array.from({ length: 400 }, (_, at) => task(`t${at}`, 0));
  return { name, tasks, load: 5 * answerSeconds, servers, scale: 0.1, target };
}

/** Tasks that need nothing, on so many models in turn. */
export function inTurn(count, models) {
  return Array.from({ length: count }, (_, at) => task(`t${at}`, at % models));
}

function task(name, model, needs = []) {
  return { name, model: `m${model}`, needs };
}

/** Each step goes to another model than the one before it. */
export function chains(count, length) {
  return Array.from({ length: count }, (_, chain) =>
    Array.from({ length }, (_step, at) => task(`c${chain}s${at}`, at % 2, at === 0 ? [] : [`c${chain}s${at - 1}`])),
  ).flat();
}

/** One step, so many after it, and one after those. */
export function fan(width, models = 3) {
  const middle = Array.from({ length: width }, (_, at) => task(`f${at}`, at % models, ['a']));
  return [
    task('a', 0),
    ...middle,
    task(
      'z',
      0,
      middle.map(({ name }) => name),
    ),
  ];
}

/** Each step needs two of the layer before it. */
function layers(count, width) {
  return Array.from({ length: count }, (_, layer) =>
    Array.from({ length: width }, (_step, at) => {
      const needs = layer === 0 ? [] : [`l${layer - 1}s${at}`, `l${layer - 1}s${(at + 1) % width}`];
      return task(`l${layer}s${at}`, (at + layer) % 3, needs);
    }),
  ).flat();
}
