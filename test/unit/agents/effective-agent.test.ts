import { expect, it } from 'vitest';
import { effectiveAgent } from '../../../src/agents/effective-agent.ts';
import { agentDefaults, effectiveConfig } from '../../../src/agents/effective-config.ts';
import { hidePassword, hideSecrets } from '../../../src/agents/hide-secrets.ts';
import type { Agent } from '../../../src/agents/schema.ts';
import type { FleetModel } from '../../../src/ollama/fleet.ts';

const agent: Agent = {
  ...{ id: '1', name: 'a', description: '', models: ['llama3.2', 'codellama'], config: {} },
  ...{ created_at: '2026-01-31T12:00:00.000Z', updated_at: '2026-01-31T12:00:00.000Z' },
};

it('gives every default where nothing is said', () => {
  const values = Object.entries(effectiveConfig({}, {})).map(([key, { value, origin }]) => [key, value, origin]);
  expect(values).toEqual(Object.entries(agentDefaults).map(([key, value]) => [key, value, 'default']));
});

it.each([
  [
    'a flag over all',
    { flags: { hosts: ['flag'] }, own: { hosts: ['own'] }, env: { OLLAMA_HOST: 'env' } },
    ['flag'],
    'flag',
  ],
  ['the agent over the environment', { own: { hosts: ['own'] }, env: { OLLAMA_HOST: 'env' } }, ['own'], 'agent'],
  ['the environment over the default', { env: { OLLAMA_HOST: ' env ' } }, ['env'], 'environment'],
  ['many hosts over one', { env: { OLLAMA_HOST: 'env', OLLAMA_HOSTS: 'a, b,' } }, ['a', 'b'], 'environment'],
  ['an empty variable for none', { env: { OLLAMA_HOST: '' } }, ['http://127.0.0.1:11434'], 'default'],
])(
  'takes %s',
  (_what, { flags, own, env }: { flags?: object; own?: object; env?: Record<string, string> }, value, origin) => {
    expect(effectiveConfig(own ?? {}, env ?? {}, flags).hosts).toMatchObject({ value, origin });
  },
);

it('hides passwords of the environment, too', () => {
  const { config } = effectiveAgent(agent, { env: { OLLAMA_HOST: 'https://user:secret@gpu' } });
  expect(config.hosts?.value).toEqual(['https://user:***@gpu']);
});

it('tells of each model where it is and what it can do', () => {
  const model: FleetModel = {
    name: 'llama3.2:latest',
    digest: '',
    size_bytes: 1,
    capabilities: ['completion'],
    context_length: 4096,
  };
  const fleet = {
    hosts: [
      { url: 'http://one', models: [] },
      { url: 'http://two', models: [model] },
    ],
  };
  expect(effectiveAgent(agent, { env: {}, fleet }).models).toEqual([
    { name: 'llama3.2', hosts: ['http://two'], capabilities: ['completion'], context_length: 4096 },
    { name: 'codellama', hosts: [] },
  ]);
});

it('passes on why a server could not be asked', () => {
  const problem = { code: 'host-unreachable', message: 'nobody there' } as const;
  const fleet = { hosts: [{ url: 'http://one', models: [], problem }] };
  expect(effectiveAgent(agent, { env: {}, fleet }).problems).toEqual([problem]);
});

it('hides values of headers, not names of variables', () => {
  const headers = { Authorization: 'Bearer x', 'X-Key': '$KEY', 'X-Odd': '$KEY-2' };
  const shown = hideSecrets({ ...agent, config: { hosts: [{ url: 'https://gpu', headers }] } });
  expect(shown.config.hosts).toEqual([
    { url: 'https://gpu', headers: { Authorization: '***', 'X-Key': '$KEY', 'X-Odd': '***' } },
  ]);
});

it.each([
  ['http://gpu:11434', 'http://gpu:11434'],
  ['https://user:secret@gpu:443/path', 'https://user:***@gpu:443/path'],
  ['user:secret@gpu', 'user:***@gpu'],
  ['http://gpu/a@b:c', 'http://gpu/a@b:c'],
])('shows %s as %s', (url, shown) => {
  expect(hidePassword(url)).toBe(shown);
});
