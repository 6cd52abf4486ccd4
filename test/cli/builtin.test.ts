import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { engineEntry, engineVersion } from '../../src/builtin/engine-package.ts';
import { main } from '../../src/cli/main.ts';
import { createInstallProgress } from '../../src/cli/install-progress.ts';
import { dataDirectory } from '../../src/settings/directories.ts';
import { manualClock } from '../unit/builtin/fake-llama.ts';
import { testHost } from '../rig/test-host.ts';

function put(file: string, text = ''): string {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  return file;
}

function putEngine(data: string): void {
  const entry = put(engineEntry(data));
  put(join(dirname(entry), '..', 'package.json'), JSON.stringify({ version: engineVersion }));
}

describe('builtin list', () => {
  it('lists the engine and the models by the names they are asked for', async () => {
    const host = testHost();
    const data = dataDirectory(host);
    putEngine(data);
    const file = put(join(data, 'models', 'SmolLM2-135M-Instruct.Q4_1.gguf'), 'weights');
    expect(await main(['builtin', 'list', '--json'], host)).toBe(0);
    expect(JSON.parse(host.stdout)).toEqual({
      engine: { version: engineVersion, directory: join(data, 'engine') },
      models: [{ name: 'smollm2:135m', size_bytes: 7, file }],
    });
  });

  it('lists nothing where nothing is installed', async () => {
    const host = testHost();
    expect(await main(['builtin', 'list'], host)).toBe(0);
    expect(host.stdout).toBe('NAME    SIZE    PATH\n');
  });
});

describe('builtin remove', () => {
  it('deletes engine and models, and says what', async () => {
    const host = testHost();
    const data = dataDirectory(host);
    putEngine(data);
    put(join(data, 'models', 'mine.gguf'));
    expect(await main(['builtin', 'remove'], host)).toBe(0);
    expect(host.stdout).toBe(`deleted ${join(data, 'engine')}\ndeleted ${join(data, 'models')}\n`);
    expect(await main(['builtin', 'list', '--json'], host)).toBe(0);
    expect(host.stdout).toContain('"models": []');
  });
});

describe('builtin install', () => {
  it('exits 3 and says what to type where there is no npm', async () => {
    const host = testHost({ env: { PATH: '' } });
    expect(await main(['builtin', 'install'], host)).toBe(3);
    expect(host.stderr).toContain('install npm, then: ollama-orchestrate builtin install');
  });

  it('exits 74 and names the place when the data directory cannot be made', async () => {
    const host = testHost();
    put(host.home, 'a file');
    expect(await main(['builtin', 'install'], host)).toBe(74);
    expect(host.stderr).toContain(`cannot write in ${dataDirectory(host)}: a part of the path is not a folder`);
  });
});

describe('progress', () => {
  const steps = [
    { what: 'engine', from: 'npm' },
    { what: 'tiny', from: 'hub', receivedBytes: 1e6, totalBytes: 4e6 },
    { what: 'tiny', from: 'hub', receivedBytes: 2e6, totalBytes: 4e6 },
  ];

  it('is one line for each source where there is no terminal', () => {
    const host = testHost();
    const { onProgress, close } = createInstallProgress(host);
    steps.forEach(onProgress);
    close();
    expect(host.stderr).toBe('installing engine from npm\ninstalling tiny from hub: 1 of 4 MB\n');
  });

  it('is redrawn in place on a terminal, five times a second at most', () => {
    const clock = manualClock();
    const host = testHost({ isTTY: true, clock });
    const { onProgress, close } = createInstallProgress(host);
    steps.forEach(onProgress);
    clock.advance(200);
    onProgress({ what: 'tiny', from: 'hub', receivedBytes: 3e6, totalBytes: 4e6 });
    close();
    expect(host.stderr).toBe(
      '\r\x1b[Kinstalling engine from npm\n\r\x1b[Kinstalling tiny from hub: 1 of 4 MB\r\x1b[Kinstalling tiny from hub: 3 of 4 MB\n',
    );
  });

  it('is silent when asked to be', () => {
    const host = testHost();
    const { onProgress, close } = createInstallProgress(host, { quiet: true });
    steps.forEach(onProgress);
    close();
    expect(host.stderr).toBe('');
  });
});
