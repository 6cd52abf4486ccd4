// What our server costs a client of Ollama: a thousand clients that stream at once, through our server and through a bare
// pass-through made of hono, taking turns within each round; all of them, and the Ollama server, on this machine. Prints
// requests per second, the slowest of a hundred, processor time, and the memory of our server from round to round.
import { serve as serveHono } from '@hono/node-server';
import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { Agent, request } from 'undici';

const file = fileURLToPath(import.meta.url);
const bin = fileURLToPath(new URL('../bin/ollama-orchestrate.js', import.meta.url));
const clients = 1000;
const lines = 20;
const limit = { ratio: 1.3, growth: 1.1 };

/** Has a server tell what it has used of the processor, and what it holds once all that is not needed was collected. */
const tell = `data:text/javascript,${encodeURIComponent(`process.on('message', (what) => {
  if (what === 'memoryUsage') gc();
  process.send(process[what]());
});
process.channel.unref();`)}`;
const watched = ['--expose-gc', '--import', tell];

const [role, ...args] = process.argv.slice(2);
if (role === 'ollama') answerAsOllama();
else if (role === 'bare') passOnBarely(args[0]);
else await measure(Number(role ?? 10));

async function measure(rounds) {
  const home = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-bench-'));
  const children = [];
  try {
    const ollama = await start(fork(file, ['ollama']), children);
    const bareChild = fork(file, ['bare', ollama], { execArgv: watched });
    const bare = side('bare', { child: bareChild, url: await start(bareChild, children) });
    const ours = side('ours', await startOurs(ollama, home, children));
    // The first round warms all of them up.
    for (let round = 0; round <= rounds; round++) {
      for (const side of round % 2 === 0 ? [bare, ours] : [ours, bare]) await runRound(side, round > 0);
    }
    reportSpeed(bare, ours, rounds);
    const memory = [];
    for (let round = 0; round < rounds; round++) {
      await runRound(ours, false);
      memory.push(await ask(ours.child, 'memoryUsage'));
    }
    reportMemory(memory);
  } finally {
    for (const child of children) child.kill();
    rmSync(home, { recursive: true, force: true });
  }
}

function side(name, server) {
  return { name, ...server, times: [], seconds: [], processor: [] };
}

async function start(child, children) {
  children.push(child);
  const [url] = await once(child, 'message');
  return url;
}

async function startOurs(ollama, home, children) {
  const many = String(10 * clients);
  const flags = ['--port', '0', '--slots', '1024', '--queue', many, '--queue-per-client', many];
  const env = { ...process.env, OLLAMA_ORCHESTRATE_HOME: home, OLLAMA_HOST: ollama };
  const child = spawn(process.execPath, [...watched, bin, 'serve', ...flags], {
    env,
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  children.push(child);
  const [line] = await once(createInterface({ input: child.stderr }), 'line');
  return { url: line.replace('listening on ', ''), child };
}

/** All clients at once; none gets its answer before the last one has asked. */
async function runRound({ child, url, times, seconds, processor }, counts) {
  const before = await ask(child, 'cpuUsage');
  const agent = new Agent({ connections: clients, pipelining: 1 });
  const begin = performance.now();
  const answers = await Promise.all(Array.from({ length: clients }, () => stream(url, agent)));
  if (counts) {
    times.push(answers);
    seconds.push((performance.now() - begin) / 1000);
    const after = await ask(child, 'cpuUsage');
    processor.push((after.user + after.system - before.user - before.system) / 1000 / clients);
  }
  await agent.close();
}

async function stream(url, dispatcher) {
  const begin = performance.now();
  const body = JSON.stringify({ model: 'llama3.2', prompt: 'Go on' });
  const answer = await request(`${url}/api/generate`, { method: 'POST', body, dispatcher });
  const text = await answer.body.text();
  const got = text.trimEnd().split('\n');
  if (answer.statusCode !== 200 || got.length !== lines || !JSON.parse(got.at(-1)).done) {
    throw new Error(`${url}: ${answer.statusCode}, ${got.length} lines: ${text.slice(0, 200)}`);
  }
  return performance.now() - begin;
}

function reportSpeed(bare, ours, rounds) {
  console.log(`${rounds} rounds of ${clients} clients at once, each with ${lines} lines of answer; no errors`);
  for (const { name, times, seconds, processor } of [bare, ours]) {
    const [rate, p99] = [clients / median(seconds), median(times.map(p99Of))];
    console.log(
      `${name}: ${rate.toFixed(0)} requests/s, p99 ${p99.toFixed(0)} ms, ${median(processor).toFixed(2)} ms of the processor each`,
    );
  }
  // Side by side, round by round: what else the machine does then counts for both.
  verdict('time of a round', median(ours.seconds.map((each, round) => each / bare.seconds[round])), limit.ratio);
  verdict(
    'p99 of a round',
    median(ours.times.map((each, round) => p99Of(each) / p99Of(bare.times[round]))),
    limit.ratio,
  );
  verdict('processor time', median(ours.processor) / median(bare.processor), limit.ratio);
}

function reportMemory(memory) {
  for (const kind of ['rss', 'heapUsed']) {
    const sizes = memory.map((each) => each[kind] / 1024 / 1024);
    const half = sizes.length / 2;
    console.log(`${kind} after a collection, round by round: ${sizes.map((size) => size.toFixed(0)).join(' ')} MB`);
    verdict(
      `${kind}, later rounds to earlier ones`,
      median(sizes.slice(half)) / median(sizes.slice(0, half)),
      limit.growth,
    );
  }
}

function p99Of(times) {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)];
}

function verdict(what, ratio, most) {
  const isRight = ratio <= most;
  console.log(`${what}: ${ratio.toFixed(2)} x   at most ${most}: ${isRight ? 'ok' : 'too much'}`);
  if (!isRight) process.exitCode = 1;
}

function median(values) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
}

async function ask(child, what) {
  const told = once(child, 'message');
  child.send(what);
  const [answer] = await told;
  return answer;
}

/** Answers as an Ollama server does, line by line, to all who ask together: it waits until they are all there. */
function answerAsOllama() {
  let waiting = [];
  const line = (index) => `${JSON.stringify({ model: 'llama3.2', response: 'word ', done: index === lines - 1 })}\n`;
  const answer = (response, index = 0) => {
    response.write(line(index));
    if (index === lines - 1) response.end();
    else setImmediate(answer, response, index + 1);
  };
  const server = createServer((incoming, response) => {
    if (incoming.url !== '/api/generate') return response.end('{}');
    incoming.resume().on('end', () => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      waiting.push(response);
      if (waiting.length < clients) return;
      for (const each of waiting) answer(each);
      waiting = [];
    });
  });
  server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
}

/** The least that can be done with hono: no guards, no queue, no limits. */
function passOnBarely(upstream) {
  const app = new Hono();
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });
  app.all('*', async ({ req }) => {
    const { pathname, search } = new URL(req.url);
    const { statusCode, headers, body } = await request(`${upstream}${pathname}${search}`, {
      ...{ dispatcher: agent, method: req.method, signal: req.raw.signal },
      headers: { 'content-type': req.header('content-type') ?? 'application/json' },
      body: req.raw.body,
    });
    return new Response(Readable.toWeb(body), {
      status: statusCode,
      headers: { 'content-type': headers['content-type'] },
    });
  });
  serveHono({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) =>
    process.send(`http://127.0.0.1:${port}`),
  );
}
