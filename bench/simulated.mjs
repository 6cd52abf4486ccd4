// Simulated servers in processes of their own, and what they have counted.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../bin/ollama-orchestrate.js', import.meta.url));
const tokens = 20;

/** A server with room for one model at a time, each as large as another; `scale` real seconds for each of its own. */
export async function startSimulated({ models, loadSeconds, answerSeconds, scale = 1, speed = 1 }) {
  const flags = models.flatMap((name) => [
    '--model',
    [
      `${name},load=${loadSeconds / speed}s,answer_tokens=${tokens}`,
      `tokens_per_second=${(tokens * speed) / answerSeconds},prompt_tokens_per_second=1000000`,
    ].join(','),
  ]);
  const argv = ['simulate', '--port', '0', '--max-loaded', '1', '--time-scale', String(scale), ...flags];
  const child = spawn(process.execPath, [program, ...argv], { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const line of createInterface(child.stderr)) {
    const [url] = /http:\/\/\S+/.exec(line) ?? [];
    if (url) return { url, stop: () => child.kill(), counts: () => countsOf(url) };
    if (/error/.test(line)) console.error(line);
  }
  throw new Error('the simulated server did not start');
}

/** Loads, and requests that were refused, as the server has counted them. */
async function countsOf(url) {
  const { total, refused } = await (await fetch(`${url}/simulator/loads`)).json();
  return { loads: total, refused: Object.values(refused).reduce((sum, count) => sum + count, 0) };
}
