import { expect, test } from 'vitest';
import { api } from '../server-rig.ts';
import { attack, deletion, intruder, requestText, secret } from './attack-rig.ts';

// Requests that are one thing to us and another to what stands in between.

test.each([
  ['two hosts', ['Host: 127.0.0.1', 'Host: evil.example']],
  ['a host that is a list', ['Host: 127.0.0.1, evil.example']],
  ['a host with a user', ['Host: 127.0.0.1@evil.example']],
  ['a host with a path', ['Host: evil.example/127.0.0.1']],
  ['a host with a line', ['Host: 127.0.0.1\u000bevil.example']],
  ['an empty host', ['Host: ']],
  ['a length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked']],
  ['two lengths', ['Content-Length: 5', 'Content-Length: 6']],
  ['a length that is a list', ['Content-Length: 5, 6']],
  ['a length below zero', ['Content-Length: -1']],
  ['a length with a sign', ['Content-Length: +5']],
  ['a length in another base', ['Content-Length: 0x5']],
  ['chunks that are not last', ['Transfer-Encoding: chunked, identity']],
  ['chunks by another name', ['Transfer-Encoding: xchunked']],
  ['chunks twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: identity']],
  ['a blank before the colon', ['Transfer-Encoding : chunked']],
  ['a folded header', ['X-Long: a', ' b']],
  ['NUL in a header', ['X-Nul: a\0b']],
  ['a bare carriage return', ['X-Cr: a\rTransfer-Encoding: chunked']],
  ['a header without a name', [': value']],
])('a request with %s is refused', async (_what, headers) => {
  await attack(async (target) => {
    const host = headers.some((header) => /^host/i.test(header)) ? [] : [`Host: 127.0.0.1:${target.port}`];
    const body = `5\r\nhello\r\n0\r\n\r\n${deletion} HTTP/1.1\r\nHost: 127.0.0.1:${target.port}\r\n\r\n`;
    const head = [`POST ${api}/agents HTTP/1.1`, ...host, ...headers, '', ''].join('\r\n');
    const { statuses } = await target.raw(head + body);
    expect([400, 403]).toContain(statuses[0]);
    expect(statuses.filter((status) => status < 300)).toEqual([]);
  });
});

test.each([
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['an older protocol', 'GET /\r\n\r\n'],
  ['a newer protocol', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['an encrypted one', Buffer.from([22, 3, 1, 0, 5, 1, 0, 0, 1, 0])],
  ['a method that is none', 'D\0LETE / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n'],
  ['a blank in the path', `GET / / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`],
])('what is no request as it must be is refused: %s', async (_what, bytes) => {
  await attack(async (target) => {
    const { statuses } = await target.raw(bytes);
    expect(statuses.every((status) => status === 400)).toBe(true);
  });
});

test('the body of a refused request is not the next request', async () => {
  await attack(async (target) => {
    const hidden = requestText(target, deletion);
    for (const headers of [['Origin: https://evil.example'], ['Content-Encoding: gzip']]) {
      const keptOpen = requestText(target, `POST ${api}/agents`, headers, hidden).replace(
        'Connection: close',
        'Connection: keep-alive',
      );
      const { statuses } = await target.raw(keptOpen, requestText(target, 'GET /nothing'));
      expect(statuses[0]).toBeGreaterThanOrEqual(400);
      expect([[], [404]]).toContainEqual(statuses.slice(1));
    }
  });
});

test('what comes after a body is not part of it', async () => {
  await attack(async (target) => {
    const { statuses } = await target.raw(
      requestText(target, `POST ${api}/agents`, ['Transfer-Encoding: chunked']),
      `0\r\nAuthorization: Bearer ${secret}\r\nContent-Type: application/json\r\n\r\n`,
    );
    expect(statuses).toEqual([400]);
  });
});

test.each([
  'Connection: close, x-ollama-orchestrate-token',
  'Connection: close, authorization',
  'Connection: close, host, content-length',
  'Connection: close, x-forwarded-for, cookie',
])('a header that names others to be dropped drops no guard: %s', async (header) => {
  await attack(
    async (target) => {
      const headers = [header, 'Origin: https://evil.example', `X-Ollama-Orchestrate-Token: ${secret}`];
      const { statuses } = await target.raw(requestText(target, `POST ${api}/agents`, headers, intruder));
      expect(statuses).toEqual([403]);
    },
    { settings: { token: secret } },
  );
});

test('headers that are larger than any need to be are refused', async () => {
  await attack(async (target) => {
    const large = `X-Large: ${'a'.repeat(64 * 1024)}`;
    expect((await target.raw(requestText(target, deletion, [large]))).statuses).toEqual([431]);
    const many = Array.from({ length: 5000 }, (_, index) => `X-${index}: a`);
    expect((await target.raw(requestText(target, deletion, many))).statuses).toEqual([431]);
    expect((await target.raw(requestText(target, `GET /${'a'.repeat(64 * 1024)}`))).statuses).toEqual([431]);
  });
});

test('the names of headers are not those of objects', async () => {
  await attack(async (target) => {
    const headers = ['__proto__: polluted', 'constructor: polluted', 'Origin: null'];
    expect((await target.raw(requestText(target, deletion, headers))).statuses).toEqual([403]);
  });
});
