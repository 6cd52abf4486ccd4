import { expect, it } from 'vitest';
import { agentInputSchema } from '../../../src/agents/schema.ts';
import { toProblems } from '../../../src/errors/to-problems.ts';
import { kinds } from '../../../src/lib/kinds.ts';
import { taskTypes } from '../../../src/tasks/index.ts';

const routingPreferences = agentInputSchema.shape.config.unwrap().shape.routing_preferences.unwrap();

function problemsOf(input: unknown): string[] {
  const parsed = agentInputSchema.safeParse(input, { reportInput: true });
  return parsed.success ? [] : toProblems(agentInputSchema, parsed.error).map(({ message }) => message);
}

const valid = { name: 'reviewer', models: ['llama3.2'] };
const withConfig = (config: unknown) => ({ ...valid, config });

it.each([
  ['the two keys that are needed', valid],
  ['all keys', { ...valid, description: 'd', system: 's', config: {} }],
  ['a name of 64 characters', { ...valid, name: 'x'.repeat(64) }],
  ['a model with host, namespace and tag', { ...valid, models: ['hf.co/some-one/Model-GGUF:Q4_K_M'] }],
  ['bounds of whole numbers', withConfig({ max_concurrent_tasks: 1024, retries: 0 })],
  ['a fraction of a second', withConfig({ timeout_seconds: 0.5 })],
  [
    'preferences for models that are not in the list',
    withConfig({ routing_preferences: { code: 'other', chat: 'x' } }),
  ],
  ['a Go duration', withConfig({ keep_alive: '1h30m' })],
  ['for ever', withConfig({ keep_alive: '-1s' })],
  ['a number of seconds to keep a model', withConfig({ keep_alive: -1 })],
  ['options the server may not know', withConfig({ options: { num_ctx: 8192, stop: ['a'], future: { x: null } } })],
  [
    'hosts of both kinds',
    withConfig({ hosts: ['gpu1', { url: 'https://gpu2', headers: { Authorization: '$T' }, slots: 2 }] }),
  ],
])('accepts %s', (_what, input) => {
  expect(problemsOf(input)).toEqual([]);
});

it.each([
  [
    { ...valid, name: '-x' },
    "name: must be 1 to 64 letters, digits, `.`, `_` or `-`, not starting with `.` or `-`, not '-x'",
  ],
  [{ ...valid, models: [] }, 'models: must name at least one model, not []'],
  [{ name: 'x' }, 'models: is missing, must be a list of model names'],
  [{ ...valid, models: ['a', ''] }, "models[1]: must be the name of a model, not ''"],
  [{ ...valid, modles: ['a'] }, "modles: unknown key, did you mean 'models'?"],
  [
    withConfig({ max_concurent_tasks: 3 }),
    "config.max_concurent_tasks: unknown key, did you mean 'max_concurrent_tasks'?",
  ],
  [
    withConfig({ max_concurrent_tasks: 0 }),
    'config.max_concurrent_tasks: must be a whole number from 1 to 1024, not 0',
  ],
  [
    withConfig({ max_concurrent_tasks: 1.5 }),
    'config.max_concurrent_tasks: must be a whole number from 1 to 1024, not 1.5',
  ],
  [withConfig({ retries: '2' }), "config.retries: must be a whole number from 0 to 10, not '2'"],
  [
    withConfig({ timeout_seconds: 0 }),
    'config.timeout_seconds: must be a number of seconds above 0 and at most 2147483, not 0',
  ],
  [withConfig({ fallback: 'yes' }), "config.fallback: must be true or false, not 'yes'"],
  [withConfig({ backend: 'olama' }), "config.backend: must be ollama, builtin or simulated, not 'olama'"],
  [
    withConfig({ routing_preferences: { cod: 'x' } }),
    "config.routing_preferences.cod: unknown key, did you mean 'code'?",
  ],
  [
    withConfig({ routing_preferences: { code: '' } }),
    "config.routing_preferences.code: must be the name of a model, not ''",
  ],
  [withConfig({ hosts: [] }), 'config.hosts: must name at least one host, not []'],
  [withConfig({ hosts: [{ url: 'h', slot: 1 }] }), "config.hosts[0].slot: unknown key, did you mean 'slots'?"],
  [withConfig({ hosts: [{ slots: 1 }] }), 'config.hosts[0].url: is missing, must be an address'],
  [
    withConfig({ hosts: ['ftp://gpu1'] }),
    "config.hosts[0]: must be the address of a server (begin it with http:// or https://, not with ftp://), not 'ftp://gpu1'",
  ],
  [
    withConfig({ hosts: [{ url: '8080' }] }),
    "config.hosts[0].url: must be the address of a server (for a port of this machine write 127.0.0.1:8080), not '8080'",
  ],
  [withConfig({ hosts: [''] }), "config.hosts[0]: must be the address of a server, not ''"],
  [{ ...valid, system: 'a\0b' }, "system: must be text without NUL and half characters, not 'a\0b'"],
  [withConfig({ options: 3 }), 'config.options: must be an object of model options such as {"num_ctx": 8192}, not 3'],
  [withConfig([]), 'config: must be an object, not []'],
  [[], 'must be an object, not []'],
])('refuses %j', (input, message) => {
  expect(problemsOf(input)).toEqual([message]);
});

it.each(['300', '-1', 'abc', '5 m', ''])("refuses '%s' as keep_alive, as the server does", (keep_alive) => {
  const rule = "must be a duration with a unit such as '5m' (or '-1s' for ever), or a number of seconds";
  expect(problemsOf(withConfig({ keep_alive }))).toEqual([`config.keep_alive: ${rule}, not '${keep_alive}'`]);
});

it('knows a preference for every kind of work and every task type', () => {
  const routing_preferences = Object.fromEntries(
    [...kinds, ...taskTypes.map(({ type }) => type)].map((key) => [key, 'a']),
  );
  expect(problemsOf(withConfig({ routing_preferences }))).toEqual([]);
  expect(Object.keys(routingPreferences.shape).sort()).toEqual(Object.keys(routing_preferences).sort());
});

it('tells all that is wrong at once', () => {
  const problems = problemsOf({ name: '', models: [], config: { retries: -1, timeout_second: 1 } });
  expect(problems.map((message) => message.split(':')[0])).toEqual([
    'name',
    'models',
    'config.retries',
    'config.timeout_second',
  ]);
});

it('never shows the value of a header', () => {
  const problems = problemsOf(withConfig({ hosts: [{ url: 'h', headers: { Authorization: 'secret\nX: y' } }] }));
  expect(problems).toEqual(['config.hosts[0].headers.Authorization: must be one line of text']);
});

it('refuses what is printed in place of a header value', () => {
  const [problem] = problemsOf(withConfig({ hosts: [{ url: 'h', headers: { Authorization: '***' } }] }));
  expect(problem).toMatch(/^config\.hosts\[0\]\.headers\.Authorization: is what is shown in place of the value/);
});

it.each(['{"__proto__":{"x":1}}', '{"constructor":{"prototype":{"x":1}}}', '{"options":{"__proto__":{"x":1}}}'])(
  'is not led astray by %s',
  (json) => {
    problemsOf(withConfig(JSON.parse(json)));
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  },
);
