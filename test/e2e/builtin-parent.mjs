// A program of its own that starts the built-in engine through the library, says so, and waits to be killed.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const [library, dataDirectory] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(library, file)).href);
const [{ startBuiltin }, { createNodeHost }] = await Promise.all([
  load('builtin/start-builtin.js'),
  load('host/node-host.js'),
]);
const { pid } = await startBuiltin({ dataDirectory, host: createNodeHost(), signal: new AbortController().signal });
process.send({ pid });
setInterval(() => undefined, 1e6);
