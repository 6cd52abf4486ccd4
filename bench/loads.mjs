// Fewest model loads: the same work done four ways on the same simulated servers, in one run, with loads as the servers count
// them. A word after the command chooses the cases whose names have it.
import { best, cases, answerSeconds, fleets } from './cases.mjs';
import { useOwnHome } from './home.mjs';
import { atLeast, atMost, none, number, runAlone, seconds, times } from './section.mjs';
import { ours, sides } from './sides.mjs';
import { startSimulated } from './simulated.mjs';

/** @param {import('./section.mjs').Options} options */
export async function* measureLoads({ quick, words: [word = ''] }) {
  useOwnHome();
  const chosen = (list) => list.filter(({ name }) => name.includes(word)).map((work) => (quick ? shorter(work) : work));
  const [flat, graphs] = [true, false].map((isFlat) => chosen(cases.filter((work) => work.isFlat === isFlat)));
  // What a process loads when it is first used is no part of any order.
  await measure(shorter(cases[0]), ours);
  if (flat.length > 0) yield await compareSides('Lists of tasks, one server with room for one model', flat);
  if (graphs.length > 0) yield await compareSides('Graphs, one server with room for one model', graphs);
  const several = chosen(fleets);
  if (several.length > 0) yield await compareFleets(several);
}

async function compareSides(title, works) {
  const rows = [];
  const measured = [];
  for (const work of works) {
    const perfect = best(work);
    const done = {};
    for (const [side, run] of Object.entries(sides)) done[side] = await measure(work, run);
    const cells = Object.values(done).map((each) => cellOf(each, perfect));
    rows.push([work.name, `${number(perfect.loads)} loads, ${seconds(perfect.seconds)}`, ...cells]);
    measured.push({ work, perfect, ours: done.ours });
  }
  const isFlat = works.every((work) => work.isFlat);
  return {
    title,
    about: isFlat ? aboutLists : aboutGraphs,
    columns: ['work', 'perfect', ...Object.keys(sides)],
    rows,
    checks: [...(isFlat ? checksOfLists(measured) : checksOfGraphs(measured)), ...checksOfAll(measured)],
  };
}

const aboutLists = `Seconds are those of the simulated servers, x is time over that of a perfect order: each model is loaded once, and the
server never idles.`;

const aboutGraphs = `The perfect order has the fewest loads of all orders, found by trying them. Its time is the sum of those loads and of all
answers: with one slot and room for one model nothing goes on at the same time, so that this is a bound, and never below the
longest way through the graph.`;

function cellOf(done, perfect) {
  const trouble = done.refused + done.lost > 0 ? `, ${done.refused} refused, ${done.lost} lost` : '';
  return `${number(done.loads)} loads, ${seconds(done.seconds)}, ${times(done.seconds / perfect.seconds)}${trouble}`;
}

function checksOfLists(measured) {
  return [
    none(
      'loads of ours beyond one for each model',
      sum(measured, ({ ours, perfect }) => Math.max(0, ours.loads - perfect.loads)),
    ),
    ...measured.map(({ work, perfect, ours }) =>
      atMost(`time of ours over a perfect order: ${work.name}`, ours.seconds / perfect.seconds, 1.05, (ratio) =>
        ratio.toFixed(3),
      ),
    ),
  ];
}

function checksOfGraphs(measured) {
  return measured.map(({ work, perfect, ours }) =>
    atMost(`loads of ours over the fewest: ${work.name}`, ours.loads / perfect.loads, 1.25, times),
  );
}

function checksOfAll(measured) {
  return [
    none(
      'tasks of ours that were refused',
      sum(measured, ({ ours }) => ours.refused),
    ),
    none(
      'tasks of ours that were lost',
      sum(measured, ({ ours }) => ours.lost),
    ),
    none(
      '`model_loads` of our runs beside the counter of the server: difference',
      sum(measured, ({ ours }) => Math.abs(ours.told - ours.loads)),
    ),
  ];
}

async function compareFleets(works) {
  const rows = [];
  const checks = [];
  for (const work of works) {
    const alone = await measure({ ...work, servers: [{}] }, ours);
    const all = await measure(work, ours);
    const ratio = alone.seconds / all.seconds;
    rows.push([work.name, seconds(alone.seconds), seconds(all.seconds), times(ratio), all.loads]);
    if (work.target) checks.push(atLeast(`times as quick: ${work.name}`, ratio, work.target, times));
    checks.push(none(`tasks lost: ${work.name}`, all.lost + alone.lost));
  }
  const columns = ['servers', 'one server', 'all', 'times as quick', 'loads'];
  const about = `The same ${number(works[0].tasks.length)} tasks on one server and on several, done by the library.`;
  return { title: 'Several servers', about, columns, rows, checks };
}

/** Time in seconds of the simulated servers. */
async function measure({ tasks, load, scale, servers: drafts }, run) {
  const models = [...new Set(tasks.map(({ model }) => model))];
  const servers = await Promise.all(
    drafts.map(({ speed }) => startSimulated({ models, loadSeconds: load, answerSeconds, scale, speed })),
  );
  try {
    const startedAt = performance.now();
    const done = await run(
      tasks,
      servers.map(({ url }) => url),
    );
    const seconds = (performance.now() - startedAt) / 1000 / scale;
    const counts = await Promise.all(servers.map((server) => server.counts()));
    return {
      ...done,
      seconds,
      loads: sum(counts, ({ loads }) => loads),
      refused: sum(counts, ({ refused }) => refused),
    };
  } finally {
    for (const server of servers) server.stop();
  }
}

/** The first tenth of a list; graphs stay whole. */
function shorter(work) {
  if (work.isFlat === false) return work;
  return { ...work, tasks: work.tasks.slice(0, Math.ceil(work.tasks.length / 10)) };
}

function sum(list, valueOf) {
  return list.reduce((total, each) => total + valueOf(each), 0);
}

await runAlone(import.meta.url, measureLoads);
