// The process that runs llama.cpp, so that a native crash does not take a run along. It serves the Ollama protocol on
// loopback to whoever started it, and ends when that one does.
import { arch, availableParallelism } from 'node:os';
import { pathToFileURL } from 'node:url';
import type { Host } from '../host/host.ts';
import { createNodeHost } from '../host/node-host.ts';
import type { ChildGreeting, ChildOrder } from './child-protocol.ts';
import { modelsDirectory } from './directories.ts';
import { engineEntry } from './engine-package.ts';
import { createBuiltinHandler } from './handler.ts';
import { listenOnLoopback } from './listen.ts';
import { createModelLibrary } from './model-library.ts';
import type { NodeLlamaCpp } from './node-llama-cpp.ts';
import { createNodeLlamaEngine } from './node-llama-engine.ts';
import { createRunner } from './runner.ts';

void runChild(createNodeHost());

async function runChild(host: Host): Promise<void> {
  const lines = readLines(host.io.stdin);
  const order = await lines.next();
  if (order.done) return;
  const stop = await serve(JSON.parse(order.value) as ChildOrder, host).catch((error: unknown) => {
    greet(host, { error: error instanceof Error ? error.message : String(error) });
  });
  // Nothing more is said on stdin; it ends when the parent closes it or dies, however it dies.
  if (stop) await lines.next();
  await stop?.();
}

async function serve({ token, dataDirectory, cwd, models }: ChildOrder, host: Host): Promise<() => Promise<void>> {
  const library = (await import(pathToFileURL(engineEntry(dataDirectory)).href)) as NodeLlamaCpp;
  // One thread less than cores: llama.cpp's threads spin while they wait for each other.
  const threads = Math.max(1, availableParallelism() - 1);
  const engine = createNodeLlamaEngine(library, {
    threads,
    gpu: host.platform === 'darwin' && arch() === 'arm64' ? 'metal' : false,
    onLog: (text) => void host.io.stderr.write(text.endsWith('\n') ? text : `${text}\n`),
  });
  const runner = createRunner(engine, host.clock);
  const handler = createBuiltinHandler({
    library: createModelLibrary({
      directory: modelsDirectory(dataDirectory),
      cwd,
      describe: (file) => engine.describe(file),
      paths: models,
    }),
    runner,
    threads,
    clock: host.clock,
    random: host.random,
  });
  const listening = await listenOnLoopback(handler, token);
  greet(host, { port: listening.port });
  return async () => {
    await listening.close();
    await runner.close();
    await engine.close();
  };
}

function greet(host: Host, greeting: ChildGreeting): void {
  host.io.stdout.write(`${JSON.stringify(greeting)}\n`);
}

async function* readLines(input: Host['io']['stdin']): AsyncGenerator<string, void> {
  let held = '';
  for await (const chunk of input) {
    held += Buffer.from(chunk).toString();
    const lines = held.split('\n');
    held = lines.pop() ?? '';
    yield* lines;
  }
}
