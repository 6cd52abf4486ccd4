import { isAbsolute, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configDirectory, dataDirectory } from '../../../src/settings/directories.ts';

const cwd = resolve('/work');

describe('directories', () => {
  it('puts all files under the home that the environment names', () => {
    const host = { env: { OLLAMA_ORCHESTRATE_HOME: resolve('/home/me/oo') }, cwd };
    expect([configDirectory(host), dataDirectory(host)]).toEqual([
      resolve('/home/me/oo/config'),
      resolve('/home/me/oo/data'),
    ]);
  });

  it('resolves a relative home against the working directory', () => {
    expect(dataDirectory({ env: { OLLAMA_ORCHESTRATE_HOME: 'state' }, cwd })).toBe(join(cwd, 'state', 'data'));
  });

  it('prefers the directory given on the command line for agents', () => {
    const host = { env: { OLLAMA_ORCHESTRATE_HOME: resolve('/home/me/oo') }, cwd };
    expect(configDirectory(host, 'mine')).toBe(join(cwd, 'mine'));
  });

  it('uses the place of the platform when nothing is set', () => {
    const host = { env: { OLLAMA_ORCHESTRATE_HOME: '' }, cwd };
    expect(isAbsolute(dataDirectory(host))).toBe(true);
    expect(dataDirectory(host)).toContain('ollama-orchestrate');
    expect(configDirectory(host)).not.toBe(dataDirectory(host));
  });
});
