import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { createRig, type Rig } from '../rig/rig.ts';

// Installing the package from the registry is measured by bench/package.mjs; here it is packed and unpacked.

const root = fileURLToPath(new URL('../../', import.meta.url));

function pack(rig: Rig): { directory: string; files: string[] } {
  const directory = join(rig.root, 'unpacked');
  mkdirSync(directory);
  const json = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', rig.root], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [packed] = JSON.parse(json) as [{ filename: string; files: { path: string }[] }];
  execFileSync('tar', ['-xzf', join(rig.root, packed.filename), '-C', directory, '--strip-components=1']);
  return { directory, files: packed.files.map(({ path }) => path) };
}

it('the packed program runs from an empty folder', async () => {
  await using rig = await createRig();
  const { directory } = pack(rig);
  const command: [string, string] = [process.execPath, join(directory, 'bin/ollama-orchestrate.js')];
  const created = await rig.run(['create-agent', 'default', '--models', 'llama3.2'], { command }).exit;
  const listed = await rig.run(['list-agents'], { command }).exit;
  expect({ code: created.code, stderr: created.stderr }).toEqual({ code: 0, stderr: '' });
  expect(listed.stdout).toContain('default');
});

it('the package holds what users need and nothing else', async () => {
  await using rig = await createRig();
  const { files } = pack(rig);
  expect(files).toEqual(
    expect.arrayContaining([
      ...['package.json', 'bin/ollama-orchestrate.js', 'bin/package.json', 'dist/cli/cli.cjs'],
      ...['completions/ollama-orchestrate.bash', 'completions/_ollama-orchestrate'],
    ]),
  );
  expect(files.filter((file) => /^(src|test|bench|scripts|docs)\//.test(file))).toEqual([]);
});

it('the program the shell starts is marked as executable and names node', async () => {
  await using rig = await createRig();
  const { directory } = pack(rig);
  const text = readFileSync(join(directory, 'bin/ollama-orchestrate.js'), 'utf8');
  expect(text.startsWith('#!/usr/bin/env node\n')).toBe(true);
  const command: [string] = [join(directory, 'bin/ollama-orchestrate.js')];
  expect((await rig.run(['--version'], { command }).exit).code).toBe(0);
});
