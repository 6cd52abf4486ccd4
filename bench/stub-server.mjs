// A server that answers at once and always the same, in a process of its own: what remains is what its clients cost.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(import.meta.url);

if (process.argv[1] === file) serve(JSON.parse(process.argv[2]));

/**
 * @param {{models: string[], loaded?: boolean, answer?: object}} what
 * @returns {Promise<{url: string, stop: () => void}>}
 */
export async function startStub(what) {
  const child = fork(file, [JSON.stringify(what)]);
  const [url] = await once(child, 'message');
  return { url, stop: () => child.kill() };
}

function serve({ models: names, loaded = false, answer = {} }) {
  const models = names.map((name) => ({
    ...{ name: `${name}:latest`, model: `${name}:latest`, digest: name, size: 1, details: {} },
  }));
  const answers = {
    '/api/tags': { models },
    '/api/ps': { models: loaded ? models : [] },
    '/api/show': { capabilities: ['completion'], details: {}, model_info: {} },
    '/api/version': { version: '0.24.0' },
    '/api/generate': { model: names[0], done: true, done_reason: 'stop', ...answer },
  };
  const texts = Object.fromEntries(Object.entries(answers).map(([path, body]) => [path, `${JSON.stringify(body)}\n`]));
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.end(texts[request.url] ?? '{}\n'));
  });
  server.listen(0, '127.0.0.1', () => process.send(`http://127.0.0.1:${server.address().port}`));
}
