import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startBuiltin } from '../../../src/builtin/start-builtin.ts';
import { testHost } from '../../rig/test-host.ts';

it('names the command that installs an engine that is not there', async () => {
  const host = testHost();
  const dataDirectory = join(host.home, 'data');
  await expect(startBuiltin({ host, dataDirectory, signal: host.signal })).rejects.toMatchObject({
    problem: {
      code: 'engine-missing',
      message: `the built-in engine is not installed in ${dataDirectory}`,
      hint: 'ollama-orchestrate builtin install',
    },
  });
});

it('starts nothing for a run that was interrupted', async () => {
  const host = testHost();
  host.interrupt();
  await expect(startBuiltin({ host, dataDirectory: host.home, signal: host.signal })).rejects.toThrow('SIGINT');
});
