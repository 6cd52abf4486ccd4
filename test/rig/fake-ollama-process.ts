import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import type { RequestLog } from './fake-ollama-http.ts';

/** The fake server in a process of its own, with the flags of fake-ollama-main.ts. */
export async function startFakeOllamaProcess(...args: string[]): Promise<FakeOllamaProcess> {
  const folder = await mkdtemp(join(tmpdir(), 'fake-ollama-'));
  const program = join(folder, 'fake-ollama.mjs');
  await bundleProgram('fake-ollama-main.ts', program);
  const log = join(folder, 'requests.ndjson');
  const child = spawn(process.execPath, [program, '--log', log, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [url] = (await once(createInterface(child.stdout), 'line')) as [string];
  const kill = async () => {
    child.kill('SIGKILL');
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return {
    url,
    kill,
    requests: async () => {
      const text = await readFile(log, 'utf8').catch(() => '');
      return text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as RequestLog] : []));
    },
    async [Symbol.asyncDispose]() {
      await kill();
      await rm(folder, { recursive: true });
    },
  };
}

export interface FakeOllamaProcess extends AsyncDisposable {
  url: string;
  /** Dies at once, as a server that crashes. */
  kill(): Promise<void>;
  /** What has come in so far. */
  requests(): Promise<RequestLog[]>;
}

/** Makes a program of this folder a single file that node runs as it is. */
export async function bundleProgram(name: string, file: string): Promise<void> {
  const input = fileURLToPath(new URL(name, import.meta.url));
  const bundle = await rolldown({ input, platform: 'node', logLevel: 'warn' });
  await bundle.write({ file, format: 'esm' });
  await bundle.close();
}
