// What keeping a run costs: a workflow whose steps follow one another, with the journal and without, taking turns within
// each round; a server that answers at once, in a process of its own. Prints the median time of a step on both sides.
import { useOwnHome } from './home.mjs';
import { startStub } from './stub-server.mjs';

const limitMs = 3;
const steps = 200;
const answer = 'word '.repeat(400);

await measure(Number(process.argv[2] ?? 10));

async function measure(rounds) {
  const server = await startStub({ models: ['m'], answer: { response: answer, eval_count: 400 } });
  try {
    Object.assign(process.env, { OLLAMA_ORCHESTRATE_HOME: useOwnHome(), OLLAMA_HOST: server.url });
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
    server.stop();
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
