import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bin, createRig, type Rig } from '../rig/rig.ts';

// Quick starts are measured by bench/startup.mjs. What makes them quick does not depend on the machine: what is loaded.

const preload = fileURLToPath(new URL('../fixtures/loaded-files.cjs', import.meta.url));

async function loadedBy(rig: Rig, ...args: string[]): Promise<string[]> {
  const { stderr } = await rig.run(args, { command: [process.execPath, '--require', preload, bin] }).exit;
  return JSON.parse(stderr) as string[];
}

it.each([['--version'], ['--help']])('%s loads no command', async (flag) => {
  await using rig = await createRig();
  expect(await loadedBy(rig, flag)).toEqual(['cli.cjs', 'rolldown-runtime']);
});

it('list-agents loads the commands and the store, and neither conf nor zod', async () => {
  await using rig = await createRig();
  await rig.run(['create-agent', 'a', '--models', 'llama3.2']).exit;
  expect(await loadedBy(rig, 'list-agents')).toEqual(
    expect.not.arrayContaining([expect.stringMatching(/^(source|schema)/)]),
  );
  expect((await loadedBy(rig, 'list-agents')).length).toBeLessThanOrEqual(6);
});

it.each([['--help'], ['list-agents'], ['completion', 'bash'], ['list-runs']])(
  '%s loads no database',
  async (...args) => {
    await using rig = await createRig();
    expect(await loadedBy(rig, ...args)).not.toContain('libsql');
  },
);

it('list-runs loads the database once there is a journal', async () => {
  await using rig = await createRig();
  mkdirSync(join(rig.home, 'orchestrate', 'data'), { recursive: true });
  writeFileSync(join(rig.home, 'orchestrate', 'data', 'journal.db'), '');
  expect(await loadedBy(rig, 'list-runs')).toContain('libsql');
});

it('create-agent of an agent without settings loads no zod', async () => {
  await using rig = await createRig();
  const loaded = await loadedBy(rig, 'create-agent', 'a', '--models', 'llama3.2');
  expect(loaded).toContain('source');
  expect(loaded.filter((file) => file.startsWith('schema'))).toEqual([]);
});
