import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { refuseMalformed } from '../../src/server/refuse-malformed.ts';
import { api } from './server-rig.ts';
import { attack, requestText, type Target } from './attacks/attack-rig.ts';

const chunked = 'Transfer-Encoding: chunked';

test.each<[code: string, status: number, text: (target: Target) => string]>([
  ['usage-invalid', 400, () => 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n: x\r\n\r\n'],
  ['headers-too-large', 431, (target) => requestText(target, 'GET /', [`X-Large: ${'a'.repeat(2 ** 20)}`])],
  [
    'input-too-large',
    413,
    (target) => `${requestText(target, `POST ${api}/agents`, [chunked])}1;${'a'.repeat(2 ** 15)}\r\n`,
  ],
  ['request-too-slow', 408, () => 'GET / HTTP/1.1\r\nHost: '],
])('what is no request as it must be is answered like any other: %s', async (code, status, text) => {
  await attack(
    async (target) => {
      const answer = (await target.raw(text(target))).text;
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [A-Z]`));
      expect(head.split('\r\n')).toEqual(
        expect.arrayContaining([
          'connection: close',
          'x-content-type-options: nosniff',
          'content-type: application/json; charset=utf-8',
          `content-length: ${body.length}`,
        ]),
      );
      const { error, problem } = JSON.parse(body) as { error: string; problem: { code: string; message: string } };
      expect(problem).toEqual({ code, message: error });
    },
    { sockets: { headersMs: 100, requestMs: 200 } },
  );
});

test.each([
  ['goes on', (response: ServerResponse) => response.write('begun')],
  ['is over before its request', (response: ServerResponse) => response.end('done')],
])('nothing is said behind an answer that %s', async (_what, answer) => {
  const server = createServer((_, response) => void answer(response)).listen(0, '127.0.0.1');
  refuseMalformed(server, () => expect.unreachable());
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.write(`POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n${chunked}\r\n\r\n`);
  await once(socket, 'data');
  socket.write('no number of bytes\r\n');
  await once(socket, 'close');
  server.close();
  expect(text.match(/HTTP\/1\.1/g)).toHaveLength(1);
});
