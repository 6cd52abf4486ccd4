import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { api } from '../server-rig.ts';
import { attack, deletion, requestText, secret } from './attack-rig.ts';

// Paths that mean one thing to who looks them over and another to who answers them.

test.each([
  `/healthz/..${api}/agents`,
  `/healthz/%2e%2e${api}/agents`,
  `${api}/docs/../agents`,
  `${api}/openapi.json/../agents`,
  `${api}/docs/%2e%2e/agents`,
  `${api}/docs;/../agents`,
  `/healthz\\..\\api\\orchestration\\agents`,
  `/healthz/..//api/orchestration/agents`,
])('what is open to all does not open anything else: %s', async (path) => {
  await attack(
    async (target) => {
      for (const method of ['GET', 'POST']) {
        const { statuses, text } = await target.raw(requestText(target, `${method} ${path}`));
        expect([400, 401]).toContain(statuses[0]);
        expect(statuses).toHaveLength(1);
        expect(text).not.toContain('"tester"');
      }
    },
    { settings: { token: secret } },
  );
});

test.each([
  '/API/ORCHESTRATION/agents/tester',
  '/api/orchestration/agents/tester/',
  '/api/orchestration//agents/tester',
  '//api/orchestration/agents/tester',
  '/api%2Forchestration%2Fagents%2Ftester',
  '/%61pi/orchestration/agents/x%2f..%2ftester',
  '/api/orchestration%00/agents/tester',
  '/api/orchestration/agents/tester%00',
  '/api/orchestration/agents/tester%0d%0aX-Injected:%201',
  '/api/orchestration/agents/tester.json',
  '/api/orchestration/agents/..%2ftester',
  '/api/orchestration/agents/..%5ctester',
  '/api/orchestration/agents/%2e%2e%2fagents%2ftester',
  '/api/orchestration/agents/%252e%252e%252ftester',
  '/api/orchestration/agents/....//tester',
])('an agent has one path, and nothing near it does anything: %s', async (path) => {
  await attack(async (target) => {
    const { statuses, text } = await target.raw(requestText(target, `DELETE ${path}`));
    expect([400, 404]).toContain(statuses[0]);
    expect(statuses).toHaveLength(1);
    expect(text).not.toMatch(/^x-injected/im);
  });
});

test.each([
  '/etc/passwd',
  '/../../../../etc/passwd',
  '/api/orchestration/docs/../../../../etc/passwd',
  '/api/orchestration/docs/%2e%2e/%2e%2e/%2e%2e/package.json',
  '/api/orchestration/..%2f..%2f..%2fpackage.json',
  '/web/reference.js',
  '/schema/openapi.json',
])('no file of this machine has a path: %s', async (path) => {
  await attack(async (target) => {
    const { statuses, text } = await target.raw(requestText(target, `GET ${path}`));
    expect(statuses).toEqual([404]);
    expect(text).not.toMatch(/root:|"dependencies"/);
  });
});

test.each([
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '.',
  '..',
  '%',
  '*',
  'te',
  'TESTER%20',
  "' OR 1=1 --",
])('an id is a name or the beginning of an id, and nothing else: %s', async (id) => {
  await attack(async (target) => {
    for (const [method, path] of [
      ['DELETE', `agents/${id}`],
      ['GET', `runs/${id}`],
      ['POST', `runs/${id}/cancel`],
      ['GET', `runs/${id}/events`],
    ]) {
      const { statuses } = await target.raw(requestText(target, `${method} ${api}/${path?.replaceAll(' ', '%20')}`));
      expect([400, 404, 405]).toContain(statuses[0]);
    }
  });
});

test('an id may be long, and is then told in short', async () => {
  await attack(async (target) => {
    const { statuses, text } = await target.raw(requestText(target, `GET ${api}/agents/${'a'.repeat(8000)}`));
    expect(statuses).toEqual([404]);
    expect(text.length).toBeLessThan(2000);
  });
});

test('the address of a request cannot send it elsewhere', async () => {
  const elsewhere = createServer((_request, response) => response.end());
  const seen: unknown[] = [];
  elsewhere.on('request', ({ url }) => seen.push(url)).listen(0, '127.0.0.1');
  await once(elsewhere, 'listening');
  onTestFinished(() => void elsewhere.close());
  const { port } = elsewhere.address() as AddressInfo;
  await attack(async (target) => {
    for (const start of [
      `GET http://127.0.0.1:${port}/api/tags`,
      `GET http://evil.example/api/tags`,
      `GET http://127.0.0.1:${target.port}@127.0.0.1:${port}/api/tags`,
      `GET //127.0.0.1:${port}/api/tags`,
      `GET /\\127.0.0.1:${port}/api/tags`,
      `GET @127.0.0.1:${port}/api/tags`,
      `GET ftp://127.0.0.1:${port}/api/tags`,
      `CONNECT 127.0.0.1:${port}`,
      `OPTIONS *`,
      `DELETE http://evil.example${api}/agents/tester`,
    ]) {
      const { statuses } = await target.raw(requestText(target, start));
      expect([start, statuses[0] ?? 400]).toEqual([start, expect.toSatisfy((status) => status >= 400 && status < 500)]);
    }
  });
  expect(seen).toEqual([]);
});

test('what an Ollama server sends a client on to is for the client to ask, not for us', async () => {
  const seen: unknown[] = [];
  const upstream = createServer(({ url }, response) => {
    seen.push(url);
    response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
  });
  upstream.listen(0, '127.0.0.1');
  await once(upstream, 'listening');
  onTestFinished(() => void upstream.close());
  const address = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  await attack(
    async (target) => {
      const response = await fetch(`${target.url}/api/tags`, { redirect: 'manual' });
      expect(response.status).toBe(302);
      expect(seen).toEqual(['/api/tags']);
    },
    { settings: { upstream: [{ url: address, headers: {} }] } },
  );
});

test('an agent is deleted by its path, so that these tests mean something', async () => {
  await expect(
    attack(async (target) => {
      expect((await target.raw(requestText(target, deletion))).statuses).toEqual([204]);
    }),
  ).rejects.toThrow();
});
