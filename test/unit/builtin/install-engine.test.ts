import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { engineEntry, enginePackages, engineVersion } from '../../../src/builtin/engine-package.ts';
import { installEngine, isEngineInstalled } from '../../../src/builtin/install-engine.ts';
import { installOptions, programDirectory, temporaryDirectory } from './install-setup.ts';

/** An npm that notes how it was called and makes what the real one would. */
const npmSource = (log: string, version = engineVersion) => `
const { appendFileSync, mkdirSync, writeFileSync } = require('node:fs');
appendFileSync(${JSON.stringify(log)}, JSON.stringify(process.argv.slice(2)) + '\\n');
const at = process.argv[process.argv.indexOf('--prefix') + 1] + '/node_modules/node-llama-cpp';
mkdirSync(at + '/dist', { recursive: true });
writeFileSync(at + '/dist/index.js', '');
writeFileSync(at + '/package.json', '{"version":"${version}"}');
`;

function fakeNpm(version?: string): { script: string; calls: () => string[][] } {
  const log = join(temporaryDirectory(), 'calls');
  const calls = (): string[][] =>
    existsSync(log)
      ? readFileSync(log, 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as string[])
      : [];
  return { script: join(programDirectory('npm-cli.js', npmSource(log, version)), 'npm-cli.js'), calls };
}

it('installs the pinned packages of this machine in one command, and leaves nothing else behind', async () => {
  const npm = fakeNpm();
  const options = installOptions({ env: { npm_execpath: npm.script } });
  expect(await installEngine(options)).toBe(true);
  expect(await isEngineInstalled(options.dataDirectory)).toBe(true);
  expect(npm.calls()).toHaveLength(1);
  expect(npm.calls()[0]).toEqual(
    expect.arrayContaining(['install', '--ignore-scripts', ...enginePackages(process.platform, process.arch)]),
  );
  expect(readdirSync(options.dataDirectory)).toEqual(['engine']);
});

it('does nothing when the engine is there', async () => {
  const npm = fakeNpm();
  const options = installOptions({ env: { npm_execpath: npm.script } });
  await installEngine(options);
  expect(await installEngine(options)).toBe(false);
  expect(npm.calls()).toHaveLength(1);
});

it('installs once when two ask at the same time', async () => {
  const npm = fakeNpm();
  const options = installOptions({ env: { npm_execpath: npm.script } });
  const made = await Promise.all([installEngine(options), installEngine(options)]);
  expect(made.sort()).toEqual([false, true]);
  expect(npm.calls()).toHaveLength(1);
});

it('replaces an engine of another version, or one that is not whole', async () => {
  const npm = fakeNpm();
  const options = installOptions({ env: { npm_execpath: npm.script } });
  const entry = engineEntry(options.dataDirectory);
  mkdirSync(dirname(entry), { recursive: true });
  writeFileSync(join(dirname(entry), '..', 'package.json'), '{"version":"3.0.0"}');
  writeFileSync(join(dirname(entry), 'old.js'), '');
  expect(await installEngine(options)).toBe(true);
  expect(existsSync(join(dirname(entry), 'old.js'))).toBe(false);
});

it('does not take for installed what npm left unfinished', async () => {
  const options = installOptions({ env: { npm_execpath: fakeNpm('0.0.1').script } });
  await expect(installEngine(options)).rejects.toMatchObject({ problem: { code: 'download-failed' } });
  expect([await isEngineInstalled(options.dataDirectory), readdirSync(options.dataDirectory)]).toEqual([false, []]);
});

it('tells what npm said when it fails', async () => {
  const directory = programDirectory('npm', "console.error('E404 not here'); process.exitCode = 1;");
  const options = installOptions({ env: { PATH: directory } });
  await expect(installEngine(options)).rejects.toMatchObject({
    problem: { code: 'download-failed', cause: expect.stringContaining('E404 not here') as string },
  });
});

it('says what to type where there is no npm', async () => {
  await expect(installEngine(installOptions())).rejects.toMatchObject({
    problem: { code: 'engine-missing', hint: 'install npm, then: ollama-orchestrate builtin install' },
  });
});

it('ends npm and cleans up when it is stopped', async () => {
  const directory = programDirectory(
    'npm',
    "require('node:fs').writeFileSync('started', ''); setInterval(() => {}, 1e6);",
  );
  const stop = new AbortController();
  const options = installOptions({ env: { PATH: directory }, signal: stop.signal });
  const stopped = installEngine({ ...options, onProgress: () => setImmediate(() => stop.abort(new Error('stopped'))) });
  await expect(stopped).rejects.toThrow('stopped');
  expect(readdirSync(options.dataDirectory)).toEqual([]);
});

it.each([
  ['linux', 'x64', 'linux-x64'],
  ['linux', 'arm64', 'linux-arm64'],
  ['darwin', 'arm64', 'mac-arm64-metal'],
  ['darwin', 'x64', 'mac-x64'],
  ['win32', 'x64', 'win-x64'],
])('knows the binary for %s %s', (platform, architecture, name) => {
  expect(enginePackages(platform, architecture)).toEqual([
    `node-llama-cpp@${engineVersion}`,
    `@node-llama-cpp/${name}@${engineVersion}`,
  ]);
});

it('says so where llama.cpp has no binary', () => {
  expect(() => enginePackages('sunos', 'x64')).toThrow('the built-in engine does not run on sunos x64');
});
