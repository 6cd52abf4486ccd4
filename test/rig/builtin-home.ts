import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installBuiltin } from '../../src/builtin/install-builtin.ts';
import { createNodeHost } from '../../src/host/node-host.ts';

/** Fetched once for all test files, as a user's would be, and kept for the next run. */
const cache = fileURLToPath(new URL('../../node_modules/.cache/ollama-orchestrate-test/', import.meta.url));

/** Puts the real built-in engine and its model into a home (`OLLAMA_ORCHESTRATE_HOME`), which the test may change at will. */
export async function addBuiltin(home: string): Promise<void> {
  const { signal } = new AbortController();
  await installBuiltin({ dataDirectory: cache, host: createNodeHost(), signal, onProgress: () => undefined });
  mkdirSync(home, { recursive: true });
  // Hard links: a copy would be 180 MB.
  execFileSync('cp', ['-al', cache, join(home, 'data')]);
}
