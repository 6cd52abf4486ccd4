import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createRig, type Rig } from '../rig/rig.ts';

const agentsOf = (directory: string) => readdirSync(join(directory, 'agents')).sort();

async function list(rig: Rig, ...flags: string[]) {
  const { stdout } = await rig.run(['list-agents', '--json', ...flags]).exit;
  return (JSON.parse(stdout) as { agents: { name: string; description: string }[] }).agents;
}

it('keeps all agents of fifty processes that create one each at once', async () => {
  await using rig = await createRig();
  const names = Array.from({ length: 50 }, (_, at) => `agent${at}`);
  const ended = await Promise.all(names.map((name) => rig.run(['create-agent', name, '--models', 'llama3.2']).exit));
  expect(ended.filter(({ code }) => code !== 0)).toEqual([]);
  expect((await list(rig)).map(({ name }) => name).sort()).toEqual(names.sort());
});

it('gives a name to one of ten processes that want it at once', async () => {
  await using rig = await createRig();
  const commands = Array.from({ length: 10 }, () => rig.run(['create-agent', 'one', '--models', 'llama3.2']));
  const codes = (await Promise.all(commands.map(({ exit }) => exit))).map(({ code }) => code).sort();
  expect(codes).toEqual([0, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
  expect(await list(rig)).toHaveLength(1);
});

it('loses no change of ten processes that change one agent at once', async () => {
  await using rig = await createRig();
  await rig.run(['create-agent', 'one', '--models', 'llama3.2']).exit;
  const settings = Array.from({ length: 10 }, (_, at) => `options.o${at}=${at}`);
  await Promise.all(settings.map((setting) => rig.run(['update-agent', 'one', '--set', setting]).exit));
  const { stdout } = await rig.run(['show-agent', 'one', '--json']).exit;
  const { config } = JSON.parse(stdout) as { config: { options: Record<string, number> } };
  expect(Object.keys(config.options)).toHaveLength(10);
});

it('a process killed while it writes leaves the agent that was there, or the new one, whole', async () => {
  await using rig = await createRig();
  const directory = join(rig.home, 'config');
  const flags = ['--models', 'llama3.2', '--config-dir', directory];
  await rig.run(['create-agent', 'one', ...flags, '--description', 'old']).exit;
  for (let round = 0; round < 5; round++) {
    const command = rig.run(['create-agent', 'one', '--force', ...flags, '--description', 'new']);
    const watcher = watch(join(directory, 'agents'), (_event, file) => {
      if (file?.startsWith('.one-')) command.kill('SIGKILL');
    });
    expect((await command.exit).code).toBe(137);
    watcher.close();
    makeOld(join(directory, 'agents', 'one.json.lock'));
    expect(['old', 'new']).toContain((await list(rig, '--config-dir', directory))[0]?.description);
  }
});

it('a lock left by a killed process does not block an agent for ever', async () => {
  await using rig = await createRig();
  const directory = join(rig.home, 'config');
  const flags = ['--config-dir', directory];
  await rig.run(['create-agent', 'one', '--models', 'llama3.2', ...flags]).exit;
  const lock = join(directory, 'agents', 'one.json.lock');
  mkdirSync(lock);
  makeOld(lock);
  const { code } = await rig.run(['update-agent', 'one', '--description', 'new', ...flags]).exit;
  expect(code).toBe(0);
});

it('on a full disk names the file, exits 74 and leaves every agent whole', async () => {
  await using rig = await createRig();
  using mounted = mountTinyDisk(rig);
  if (!mounted) return;
  const { disk } = mounted;
  const flags = ['--config-dir', disk];
  await rig.run(['create-agent', 'one', '--models', 'llama3.2', ...flags]).exit;
  const before = readFileSync(join(disk, 'agents', 'one.json'), 'utf8');
  const system = join(rig.cwd, 'long.txt');
  writeFileSync(system, 'x'.repeat(100_000));

  const creating = await rig.run(['create-agent', 'two', '--models', 'llama3.2', '--system', `@${system}`, ...flags])
    .exit;
  const updating = await rig.run(['update-agent', 'one', '--system', `@${system}`, ...flags]).exit;

  for (const [{ code, stdout, stderr }, file] of [
    [creating, 'two.json'],
    [updating, 'one.json'],
  ] as const) {
    expect({ code, stdout }).toEqual({ code: 74, stdout: '' });
    expect(stderr).toBe(
      `error: cannot write ${join(disk, 'agents', file)}: no space is left on the disk\n` +
        '  make room, or name another place with --config-dir\n',
    );
  }
  expect(agentsOf(disk)).toEqual(['one.json']);
  expect(readFileSync(join(disk, 'agents', 'one.json'), 'utf8')).toBe(before);
});

it('on a disk with a little room left writes no part of an agent', async () => {
  await using rig = await createRig();
  using mounted = mountTinyDisk(rig);
  if (!mounted) return;
  const { disk } = mounted;
  const system = join(rig.cwd, 'long.txt');
  // More than one page fits, the whole does not: the system takes a part and reports no error.
  writeFileSync(system, 'x'.repeat(40_000));
  const { code } = await rig.run([
    'create-agent',
    'one',
    '--models',
    'a',
    '--system',
    `@${system}`,
    '--config-dir',
    disk,
  ]).exit;
  expect(code).toBe(74);
  expect(existsSync(join(disk, 'agents', 'one.json'))).toBe(false);
});

/** As if the holder of a lock had not been heard of for long: nobody has to wait. */
function makeOld(lock: string): void {
  utimesSync(lock, 0, 0);
}

/** A file system of 32 kB, which only root may mount; undefined elsewhere. */
function mountTinyDisk(rig: Rig): (Disposable & { disk: string }) | undefined {
  const disk = join(rig.root, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=32k', 'tmpfs', disk], { stdio: 'pipe' });
  } catch {
    console.log('skipped: a full disk needs the right to mount one');
    return undefined;
  }
  return { disk, [Symbol.dispose]: () => execFileSync('umount', ['-l', disk]) };
}
