import { expect, test } from 'vitest';
import { api } from '../server-rig.ts';
import { attack, secret, type Target } from './attack-rig.ts';

// What is for those alone who sit at the machine: its files, its environment, servers that nobody allowed, and its token.

const generate = { type: 'generate', input: 'x' };
const step = { name: 's', type: 'generate', prompt: 'x' };

async function post(target: Target, path: string, document: unknown, method = 'POST'): Promise<[number, string]> {
  const body = typeof document === 'string' ? document : JSON.stringify(document);
  const response = await fetch(`${target.url}${api}/${path}`, { method, body });
  return [response.status, await response.text()];
}

const environment = { SECRET_OF_THIS_MACHINE: 'the-value-of-the-secret' };

test.each([
  ['a server', ['http://evil.example:11434']],
  ['an address inside', ['http://169.254.169.254']],
  ['our own address with another port', ['127.0.0.1:1']],
  ['an allowed server as a user', ['http://127.0.0.1:11434@evil.example']],
  ['an allowed server as a fragment', ['http://evil.example/#127.0.0.1']],
  ['another protocol', ['file:///etc/passwd']],
  ['a variable of the environment', [{ url: 'http://evil.example', headers: { A: '$SECRET_OF_THIS_MACHINE' } }]],
])('an agent cannot be sent to %s', async (_what, hosts) => {
  await attack(
    async (target) => {
      const config = { hosts };
      for (const [method, path] of [
        ['POST', 'agents'],
        ['PUT', 'agents/tester'],
        ['PATCH', 'agents/tester'],
      ] as const) {
        const whole = {
          ...(method === 'POST' && { name: 'intruder' }),
          ...(method !== 'PATCH' && { models: ['x'] }),
          config,
        };
        const [status, text] = await post(target, path, whole, method);
        expect(status).toBe(400);
        expect(text).not.toContain('the-value');
      }
    },
    { env: environment },
  );
});

test('a variable of the environment is not read for a server that is allowed, either', async () => {
  await attack(
    async (target) => {
      const hosts = [{ url: target.fake.url, headers: { Authorization: '$SECRET_OF_THIS_MACHINE' } }];
      const [status, text] = await post(target, 'agents', { name: 'intruder', models: ['x'], config: { hosts } });
      expect(status).toBe(400);
      expect(text).not.toContain('the-value');
    },
    { env: environment },
  );
});

test.each([
  ['a prompt', { ...generate, input: '@/etc/passwd', prompt_file: '/etc/passwd' }],
  ['a picture', { ...generate, images: ['@/etc/passwd'] }],
  ['a picture of a message', { type: 'chat', messages: [{ role: 'user', content: 'x', images: ['@/etc/passwd'] }] }],
  ['a picture among parameters', { ...generate, parameters: { images: ['@/etc/passwd'] } }],
  ['standard input', { ...generate, input: '{{stdin}}' }],
  ['the environment', { ...generate, system: '{{env.SECRET_OF_THIS_MACHINE}}', hosts: ['evil.example'] }],
])('a task reads nothing of this machine: %s', async (_what, task) => {
  await attack(
    async (target) => {
      // What is only explained is not filled in: its braces are text.
      const isText = 'input' in task && task.input.includes('{{');
      for (const path of ['tasks', 'plan', ...(isText ? [] : ['explain'])]) {
        const [status, text] = await post(target, path, { agent_id: 'tester', tasks: [task] });
        expect({ path, status }).toEqual({ path, status: 400 });
        expect(text).not.toMatch(/root:|the-value/);
      }
    },
    { env: environment },
  );
});

test('what is said of all tasks at once reads nothing of this machine', async () => {
  await attack(async (target) => {
    const body = { agent_id: 'tester', tasks: [generate], parameters: { images: ['@/etc/passwd'] } };
    expect((await post(target, 'tasks', body))[0]).toBe(400);
  });
});

test.each([
  ['a prompt', { steps: [{ ...step, prompt: undefined, prompt_file: '/etc/passwd' }] }],
  ['a prompt, spelled otherwise', { steps: [{ ...step, prompt: undefined, 'prompt-file': '/etc/passwd' }] }],
  ['a prompt from the workflow itself', { steps: [{ ...step, prompt: undefined, prompt_file: 'workflow' }] }],
  ['a picture', { steps: [{ ...step, images: ['@/etc/passwd'] }] }],
  ['a picture among parameters', { steps: [{ ...step, parameters: { images: ['@/etc/passwd'] } }] }],
  [
    'the environment',
    { env: ['SECRET_OF_THIS_MACHINE'], steps: [{ ...step, prompt: '{{env.SECRET_OF_THIS_MACHINE}}' }] },
  ],
  [
    'the environment in a condition',
    { env: 'SECRET_OF_THIS_MACHINE', steps: [{ ...step, if: "${{ env.SECRET_OF_THIS_MACHINE != '' }}" }] },
  ],
  ['standard input', { steps: [{ ...step, prompt: '{{stdin}}' }] }],
])('a workflow reads nothing of this machine: %s', async (_what, keys) => {
  await attack(
    async (target) => {
      for (const body of [
        { agent_id: 'tester', ...keys },
        { agent_id: 'tester', workflow: JSON.stringify(keys) },
      ]) {
        for (const path of ['workflows', 'plan', 'explain']) {
          const [status, text] = await post(target, path, body);
          expect({ path, status }).toEqual({ path, status: 400 });
          expect(text).not.toMatch(/root:|the-value/);
        }
      }
    },
    { env: environment },
  );
});

test.each(['/etc/passwd', './model.gguf', '~/model.gguf', 'C:\\model.gguf', '\\\\evil.example\\model.gguf'])(
  'a model is no file of this machine: %s',
  async (model) => {
    await attack(async (target) => {
      const config = { backend: 'builtin', default_model: model };
      for (const agent of [
        { name: 'intruder', models: [model] },
        { name: 'intruder', models: ['x'], config },
        { name: 'intruder', models: ['x'], config: { routing_preferences: { code: model } } },
      ]) {
        expect((await post(target, 'agents', agent))[0]).toBe(400);
      }
    });
  },
);

test.each(['__proto__', 'constructor', 'prototype', 'toString'])('no key is that of all objects: %s', async (key) => {
  await attack(async (target) => {
    const evil = `{"${key}":{"polluted":true,"isOpen":true}}`;
    for (const [method, path, body] of [
      ['POST', 'agents', `{"name":"intruder","models":["x"],"${key}":{"polluted":true}}`],
      ['POST', 'agents', `{"name":"intruder","models":["x"],"config":${evil}}`],
      ['POST', 'agents', `{"name":"intruder","models":["x"],"config":{"routing_preferences":${evil}}}`],
      ['PATCH', 'agents/tester', evil],
      ['PATCH', 'agents/tester', `{"config":${evil}}`],
      ['PUT', 'agents/tester', `{"models":["x"],"config":${evil}}`],
      ['POST', 'tasks', `{"agent_id":"tester","tasks":[{"type":"generate","input":"x","${key}":1}]}`],
      ['POST', 'tasks', `{"agent_id":"tester","tasks":[{"type":"${key}","input":"x"}]}`],
      ['POST', 'tasks', `{"agent_id":"${key}","tasks":[{"type":"generate","input":"x"}]}`],
      ['POST', 'workflows', `{"agent_id":"tester","steps":[{"type":"generate","prompt":"{{vars.${key}}}"}]}`],
      ['POST', 'workflows', `{"agent_id":"tester","steps":[{"type":"generate","prompt":"{{${key}}}"}]}`],
      ['POST', 'workflows', `{"agent_id":"tester","steps":[{"type":"generate","prompt":"{{steps.${key}.output}}"}]}`],
    ] as const) {
      const [status] = await post(target, path, body, method);
      expect([400, 404], `${method} ${path} ${body}: ${status}`).toContain(status);
    }
  });
});

test.each([
  ['none', {}],
  ['an empty one', { authorization: 'Bearer ' }],
  ['the beginning of it', { authorization: `Bearer ${secret.slice(0, -1)}` }],
  ['more than it', { authorization: `Bearer ${secret}x` }],
  ['another case', { authorization: `Bearer ${secret.toUpperCase()}` }],
  ['a long one', { authorization: `Bearer ${secret.repeat(300)}` }],
  ['letters of other lengths', { authorization: 'Bearer \xfe\xff' }],
  ['a password', { authorization: `Basic ${Buffer.from(`x:${secret}`).toString('base64')}` }],
  ['no scheme', { authorization: secret }],
  ['two in one', { authorization: `Bearer x, Bearer ${secret}` }],
  ['a cookie', { cookie: `token=${secret}` }],
  ['a header by a wrong name', { 'x-token': secret }],
])('only the token opens: %s', async (_what, headers) => {
  await attack(
    async (target) => {
      for (const path of [`${api}/agents?token=${secret}`, `${api}/runs`, '/api/tags', '/', '/metrics', '/v1/models']) {
        const response = await fetch(`${target.url}${path}`, { headers: headers as Record<string, string> });
        expect(response.status).toBe(401);
        expect(response.headers.get('www-authenticate')).toBe('Bearer');
        expect(await response.text()).not.toContain(secret);
      }
    },
    { settings: { token: secret } },
  );
});

test('who guesses is not heard any more, not even when right', async () => {
  await attack(
    async (target) => {
      const show = (token: string): Promise<Response> =>
        fetch(`${target.url}${api}/agents`, { headers: { authorization: `Bearer ${token}` } });
      for (let guess = 0; guess < 20; guess += 1) expect((await show(`guess-${guess}`)).status).toBe(401);
      const locked = await show(secret);
      expect(locked.status).toBe(429);
      expect(locked.headers.get('retry-after')).toBe('60');
    },
    { settings: { token: secret } },
  );
});

test('a program with an old token locks nobody out', async () => {
  await attack(
    async (target) => {
      const show = (token: string): Promise<Response> =>
        fetch(`${target.url}${api}/agents`, { headers: { authorization: `Bearer ${token}` } });
      for (let time = 0; time < 30; time += 1) expect((await show('an-old-one')).status).toBe(401);
      expect((await show(secret)).status).toBe(200);
    },
    { settings: { token: secret } },
  );
});
