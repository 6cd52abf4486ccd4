/**
 * The fake server as a program, for tests that are shell scripts: prints its URL, then answers until it is ended.
 *
 *   --models llama3.2,all-minilm=embedding --port 0 --log requests.ndjson --room 1 --parallel 1 --version 0.24.0
 *   --pullable mistral --silent --load-ms 500 --piece-ms 20 --times times.ndjson --hang novel,story
 */
import { appendFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { Capability } from '../../src/ollama/wire.ts';
import { startFakeOllama } from './fake-ollama.ts';
import type { FakeModel } from './fake-ollama-models.ts';

const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'llama3.2' },
    pullable: { type: 'string' },
    port: { type: 'string', default: '0' },
    log: { type: 'string' },
    times: { type: 'string' },
    room: { type: 'string' },
    parallel: { type: 'string' },
    version: { type: 'string' },
    silent: { type: 'boolean' },
    'load-ms': { type: 'string' },
    'piece-ms': { type: 'string' },
    hang: { type: 'string' },
  },
});

const { log, times } = values;
const fake = await startFakeOllama({
  models: readModels(values.models),
  port: Number(values.port),
  ...(values.pullable && { pullable: readModels(values.pullable) }),
  ...(values.room && { room: Number(values.room) }),
  ...(values.parallel && { parallel: Number(values.parallel) }),
  ...(values.version && { version: values.version }),
  ...(values.silent && { silent: true }),
  loadMs: Number(values['load-ms'] ?? 0),
  pieceMs: Number(values['piece-ms'] ?? 0),
  ...(times && { onEnded: ({ path, body }, ms) => appendFileSync(times, `${JSON.stringify({ path, body, ms })}\n`) }),
  ...(log && { onRequest: (request) => appendFileSync(log, `${JSON.stringify(request)}\n`) }),
});
for (const word of values.hang?.split(',') ?? []) {
  // The first prompt with this word is not answered; who asks again is.
  fake.reply(
    ({ text }) => text.includes(word),
    () => new Promise(() => undefined),
  );
}
process.stdout.write(`${fake.url}\n`);

/** `name` or `name=capability+capability`, comma-separated. */
function readModels(list: string): FakeModel[] {
  return list.split(',').map((item) => {
    const [name = '', capabilities] = item.split('=');
    return { name, ...(capabilities && { capabilities: capabilities.split('+') as Capability[] }) };
  });
}
