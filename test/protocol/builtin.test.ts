import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuiltinHandler } from '../../src/builtin/handler.ts';
import { listenOnLoopback } from '../../src/builtin/listen.ts';
import { createModelLibrary } from '../../src/builtin/model-library.ts';
import { createRunner } from '../../src/builtin/runner.ts';
import { clientOf, realClock } from '../rig/fake-ollama-client.ts';
import { fakeEngine, modelFiles } from '../unit/builtin/fake-llama.ts';
import { registerOllamaProtocolTests } from './protocol-suite.ts';
import { withHeaders } from './with-headers.ts';

// Everything of the built-in engine but llama.cpp itself; the real one is asked end to end.
registerOllamaProtocolTests('the built-in engine without llama.cpp', async () => {
  const directory = modelFiles('tiny.gguf');
  writeFileSync(join(directory, 'tiny.gguf'), 'weights');
  const engine = fakeEngine(async function* ({ sampling }) {
    for (let count = sampling.seed; ; count += 1) {
      // As a real engine, one token in each turn of the event loop.
      await new Promise(setImmediate);
      yield ` ${words[count % words.length] ?? ''}`;
    }
  });
  const runner = createRunner(engine, realClock);
  const library = createModelLibrary({ directory, cwd: directory, describe: (file) => engine.describe(file) });
  const handler = createBuiltinHandler({ library, runner, threads: 1, clock: realClock, random: Math.random });
  const listening = await listenOnLoopback(handler, 'token');
  const front = await withHeaders(`http://127.0.0.1:${listening.port}`, { authorization: 'Bearer token' });
  return {
    url: front.url,
    client: clientOf(front.url),
    models: [{ name: 'tiny', capabilities: ['completion'] }],
    async [Symbol.asyncDispose]() {
      front.close();
      await listening.close();
      await runner.close();
    },
  };
});

const words = 'one two three four five six seven eight nine ten eleven twelve'.split(' ');
