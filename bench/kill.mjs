// What becomes of runs whose process is killed: workflows are run, killed with SIGKILL at moments drawn evenly over their
// time, and gone on with by resume-run (a quarter of those is killed, too). The server's log is the judge: no prompt
// comes again whose end was seen or journaled, only those in flight may; and the documents in the end are those of runs
// that were left alone.
//   node bench/kill.mjs [kills] [--seed N] [--checkout]   (--checkout: not packed and installed first)
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createSeededRandom } from '../dist/lib/lib/seeded-random.js';
import { makeFlow } from './kill-flows.mjs';
import { startServer } from './kill-server.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string', default: '1' }, checkout: { type: 'boolean' } },
});
const kills = Number(positionals[0] ?? 200);
const random = createSeededRandom(Number(values.seed));
const root = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-kill-'));
const server = await startServer({ delayMs: 150 });

/** Requests at once: the limit of an agent that says nothing. */
const mostInFlight = 4;

/** What two runs of one workflow may differ in. */
const incomparable = new Set([
  ...['id', 'task_id', 'agent_id', 'created_at', 'completed_at', 'attempts', 'metrics', 'host', 'reasons'],
  ...['model_loads', 'duration', 'total_ns'],
]);

try {
  const bin = values.checkout ? join(root, 'bin/ollama-orchestrate.js') : install();
  const score = { kills: 0, crowded: 0, tooLate: 0, again: 0, faults: [] };
  for (let round = 0; score.kills < kills; round++) await playRound(round, bin, score);
  report(score);
} finally {
  server.close();
  rmSync(folder, { recursive: true, force: true });
}

function install() {
  const npm = (args, cwd) => execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const [{ filename }] = JSON.parse(npm(['pack', '--json', '--silent', '--pack-destination', folder], root));
  const app = join(folder, 'app');
  mkdirSync(app);
  npm(['install', '--omit=dev', '--no-audit', '--no-fund', '--prefix', app, join(folder, filename)], app);
  return join(app, 'node_modules/ollama-orchestrate/bin/ollama-orchestrate.js');
}

/** One workflow: left alone once, and then killed as often as one may be. */
async function playRound(round, bin, score) {
  const program = createProgram(bin, join(folder, `round${round}`));
  program.write('flow.json', JSON.stringify(makeFlow(random)));
  await program.start(['create-agent', 'tester', '--models', 'm']).ended;
  const argv = ['run-workflow', 'tester', '--file', 'flow.json', '--output', 'ndjson'];
  const alone = program.start(argv);
  await alone.ended;
  const expected = await program.document();
  const names = namesByPrompt(expected);
  for (let at = 0; at < 4 && score.kills < kills; at++) {
    server.forget();
    const killed = await killAtRandom(program, argv, alone.durationMs(), score);
    if (!killed) continue;
    let seen = finishedIn(killed.events());
    let before = await judge(program, { seen, score });
    if (score.kills < kills && random() < 0.25) {
      const resuming = ['resume-run', 'last', '--output', 'ndjson'];
      const second = await killAtRandom(program, resuming, alone.durationMs() / 2, score);
      if (second) {
        seen = new Set([...seen, ...finishedIn(second.events())]);
        compareLogs(before, names, score);
        before = await judge(program, { seen, score, from: before.to });
      }
    }
    const status = await program.status();
    if (status === 'interrupted') await program.start(['resume-run', 'last', '--json']).ended;
    compareLogs(before, names, score);
    compareDocuments(await program.document(), expected, score);
  }
}

/** Undefined when it had ended before. */
async function killAtRandom(program, argv, durationMs, score) {
  const run = program.start(argv);
  await run.begun;
  const timer = new Promise((resolve) => setTimeout(resolve, random() * durationMs));
  await Promise.race([timer, run.ended]);
  const inFlight = server.open();
  const { signal } = await run.kill();
  if (signal !== 'SIGKILL') {
    score.tooLate += 1;
    return undefined;
  }
  score.kills += 1;
  if (inFlight >= 2) score.crowded += 1;
  return run;
}

/** What is known at the moment of a kill: ends seen and journaled, and the part of the log that the dead process has. */
async function judge(program, { seen, score, from = 0 }) {
  const done = finishedIn(await program.events());
  for (const task of seen) {
    if (!done.has(task)) score.faults.push(`the end of ${task} was seen, and is not in the journal`);
  }
  return { done, from, to: server.log().length };
}

/** Looks at what came after a kill. */
function compareLogs({ done, from, to }, names, score) {
  const log = server.log();
  const again = new Set(log.slice(to).map(({ prompt }) => prompt));
  for (const prompt of again) {
    const task = names.get(prompt);
    if (task === undefined) score.faults.push(`a prompt that no undisturbed run sends: ${prompt}`);
    else if (done.has(task)) score.faults.push(`${task} had ended and was sent again`);
  }
  // Answered, too: the answer was on its way. A server that was busy is asked again in any case.
  const outcomes = new Map(log.slice(from, to).map(({ prompt, outcome }) => [prompt, outcome]));
  const inFlight = [...again].filter((prompt) => ['broken', 'answered'].includes(outcomes.get(prompt)));
  score.again += inFlight.length;
  if (inFlight.length > mostInFlight) score.faults.push(`sent again: ${inFlight.join(', ')}`);
}

function compareDocuments(document, expected, score) {
  const [found, wanted] = [document, expected].map((each) => JSON.stringify(comparable(each)));
  if (found !== wanted) score.faults.push(`the document differs:\n${wanted}\n${found}`);
}

function comparable(value) {
  if (Array.isArray(value)) return value.map(comparable);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key]) => !incomparable.has(key));
  return Object.fromEntries(entries.map(([key, inner]) => [key, comparable(inner)]));
}

function namesByPrompt({ steps }) {
  const entries = steps.flatMap((step) => step.items ?? [step]);
  return new Map(entries.map(({ input, name }) => [input, name]));
}

function finishedIn(events) {
  const ended = events.filter(({ type, status }) => type === 'task.finished' && status !== 'cancelled');
  return new Set(ended.map(({ task }) => task));
}

function createProgram(bin, home) {
  mkdirSync(home, { recursive: true });
  const env = { PATH: process.env.PATH, OLLAMA_ORCHESTRATE_HOME: join(home, 'home'), OLLAMA_HOST: server.url };
  const start = (argv) =>
    watch(spawn(process.execPath, [bin, ...argv], { cwd: home, env, stdio: ['ignore', 'pipe', 'pipe'] }));
  const output = async (argv) => (await start(argv).ended).stdout;
  const document = async () => JSON.parse(await output(['show-run', 'last', '--json']));
  return {
    start,
    document,
    write: (name, text) => writeFileSync(join(home, name), text),
    status: async () => (await document()).status,
    events: async () => linesOf(await output(['export-run', 'last'])),
  };
}

function watch(child) {
  let [stdout, stderr] = ['', ''];
  let [begunAt, endedAt] = [0, 0];
  let begin;
  const begun = new Promise((resolve) => (begin = resolve));
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    stdout += chunk;
    if (begunAt === 0 && stdout.includes('\n')) {
      begunAt = performance.now();
      begin();
    }
  });
  child.stderr.setEncoding('utf8').on('data', (chunk) => (stderr += chunk));
  const ended = new Promise((resolve) => {
    child.on('close', (code, signal) => {
      endedAt = performance.now();
      begin();
      resolve({ code, signal, stdout, stderr });
    });
  });
  return {
    begun,
    ended,
    events: () => linesOf(stdout),
    durationMs: () => endedAt - begunAt,
    kill: () => {
      child.kill('SIGKILL');
      return ended;
    },
  };
}

/** Whole lines only: the last one may be torn. */
function linesOf(text) {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

function report({ kills, crowded, tooLate, again, faults }) {
  for (const fault of faults) console.log(fault);
  const share = Math.round((100 * crowded) / kills);
  console.log(`${kills} kills, ${share} % of them with two or more steps in flight (${tooLate} came too late to kill)`);
  console.log(`${again} prompts in flight were sent again`);
  console.log(
    `score: ${kills - Math.min(kills, faults.length)} of ${kills}${faults.length === 0 ? ': ok' : `, ${faults.length} faults`}`,
  );
  // Of a few kills the share says nothing.
  process.exitCode = faults.length === 0 && (share >= 25 || kills < 100) ? 0 : 1;
}
