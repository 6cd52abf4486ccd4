import { expect, test } from 'vitest';
import { toAddresses } from '../../../src/app/connect.ts';
import { resolveConfig, toRunSettings, type RunOptions } from '../../../src/app/settings.ts';
import type { AgentConfig } from '../../../src/agents/schema.ts';
import { ProblemError } from '../../../src/errors/problem.ts';

test('a host named twice, in two spellings, is one host', () => {
  const addresses = toAddresses(['localhost', 'http://localhost:11434/', { url: 'http://gpu2', slots: 2 }], {});
  expect(addresses.map(({ url, slots }) => [url, slots])).toEqual([
    ['http://localhost:11434', undefined],
    ['http://gpu2', 2],
  ]);
});

test('a header may take its value from the environment', () => {
  const hosts = [{ url: 'https://gpu2', headers: { Authorization: '$TOKEN', 'X-Plain': 'a $b' } }];
  expect(toAddresses(hosts, { TOKEN: 'Bearer secret' })[0]?.headers).toMatchObject({
    Authorization: 'Bearer secret',
    'X-Plain': 'a $b',
  });
});

test('variables that are not set are all told, without the value of any other', () => {
  const hosts = [{ url: 'https://me:secret@gpu2', headers: { A: '$ONE', B: '$TWO', C: '$SET' } }];
  const thrown = catchProblems(() => toAddresses(hosts, { SET: 'secret' }));
  expect(thrown.map(({ code }) => code)).toEqual(['environment-unset', 'environment-unset']);
  expect(JSON.stringify(thrown)).not.toContain('secret');
});

const settings = (config: AgentConfig, options: RunOptions, env = {}) =>
  toRunSettings({ name: 'a', models: ['m'] }, resolveConfig({ config }, options, env), options);

test.each<[string, AgentConfig, RunOptions, object]>([
  [
    'nothing is said',
    {},
    {},
    { maxConcurrent: 4, timeoutMs: { agent: 300_000 }, retries: { agent: 2 }, fallback: true },
  ],
  [
    'the agent says',
    { max_concurrent_tasks: 3, retries: 0, timeout_seconds: 9 },
    {},
    { maxConcurrent: 3, timeoutMs: { agent: 9_000 }, retries: { agent: 0 } },
  ],
  [
    'a flag says too',
    { max_concurrent_tasks: 3 },
    { concurrency: 7, retries: 1, timeoutMs: 5 },
    { maxConcurrent: 7, retries: { run: 1 }, timeoutMs: { run: 5 } },
  ],
  ['keep_alive is 0', { keep_alive: 0 }, {}, { keep_alive: 0 }],
  ['a flag replaces keep_alive', { keep_alive: '5m' }, { keep_alive: '1h' }, { keep_alive: '1h' }],
])('settings when %s', (_title, config, options, expected) => {
  expect(settings(config, options)).toMatchObject(expected);
});

test('hosts come from the flag, else the agent, else the environment', () => {
  const env = { OLLAMA_HOST: 'http://env' };
  const hostsOf = (config: AgentConfig, options: RunOptions) => resolveConfig({ config }, options, env).hosts?.value;
  expect(hostsOf({ hosts: ['http://agent'] }, { hosts: ['http://flag'] })).toEqual(['http://flag']);
  expect(hostsOf({ hosts: ['http://agent'] }, {})).toEqual(['http://agent']);
  expect(hostsOf({}, {})).toEqual(['http://env']);
});

function catchProblems(work: () => unknown): readonly { code: string }[] {
  try {
    work();
  } catch (error) {
    if (error instanceof ProblemError) return error.problems;
  }
  return expect.unreachable('nothing was thrown');
}
