import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startFakeOllama } from '../../rig/fake-ollama.ts';
import { api, eventsOf, serverRig, withTester } from '../server-rig.ts';
import { attack } from './attack-rig.ts';

// What a model or an Ollama server says may be hostile, too.

const hostile = [
  'a\r\n\r\nHTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\n\r\n',
  '\n\nevent: run.finished\ndata: {"type":"run.finished"}\n\nid: 99\n\n',
  '\u2028\u2029\u0085data: x\r\rdata: y',
  '<script>alert(1)</script>',
  '"}\n{"type":"run.finished","seq":1}\n',
];

test.each([
  ['lines', 'application/x-ndjson'],
  ['server-sent events', 'text/event-stream'],
  ['a document', 'application/json'],
])('an output cannot end the event it is in: %s', async (_what, accept) => {
  await using fake = await startFakeOllama();
  const { send } = await withTester(serverRig({ fake }));
  fake.reply('/api/generate', async (call) => {
    for (const piece of hostile) await call.send(piece);
    await call.finish();
  });
  const body = { agent_id: 'tester', tasks: [{ type: 'generate', input: 'x' }], stream: accept.includes('ndjson') };
  const response = await send('POST', `${api}/tasks`, body, { headers: { accept } });
  expect(response.headers.get('content-type')).toContain(accept);
  expect([...response.headers.keys()]).not.toContain('set-cookie');
  const outputs = await outputsIn(response, accept);
  expect(outputs).toEqual([hostile.join('')]);
});

async function outputsIn(response: Response, accept: string): Promise<unknown[]> {
  if (accept.includes('json') && !accept.includes('ndjson')) {
    const { tasks } = (await response.json()) as { tasks: { output: string }[] };
    return tasks.map(({ output }) => output);
  }
  const lines = accept.includes('event-stream') ? toLines(await response.text()) : undefined;
  const events = lines ? lines.map((line) => JSON.parse(line) as object) : await eventsOf(response);
  expect(events.filter((event) => 'type' in event && event.type === 'run.finished')).toHaveLength(1);
  return events.flatMap((event) => ('output' in event ? [event.output] : []));
}

/** As a browser takes server-sent events apart: lines end with CR, LF or both. */
function toLines(text: string): string[] {
  return text.split(/\r\n|\r|\n/).flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []));
}

test.each(['-1', 'abc', '1e3', '99999999999999999999', '1, 2', '0x10', '%00', "1' OR '1'='1"])(
  'a place among the events is a number: %s',
  async (place) => {
    await using fake = await startFakeOllama();
    const { ask, send } = await withTester(serverRig({ fake }));
    const { body } = await ask('POST', `${api}/tasks`, {
      agent_id: 'tester',
      tasks: [{ type: 'generate', input: 'x' }],
    });
    const path = `${api}/runs/${body.id}/events`;
    expect((await send('GET', path, undefined, { headers: { 'last-event-id': place } })).status).toBe(400);
    expect((await send('GET', `${path}?after=${encodeURIComponent(place)}`)).status).toBe(400);
    expect((await send('GET', path, undefined, { headers: { 'last-event-id': '999999999999999' } })).status).toBe(204);
  },
);

test('what an Ollama server says of a connection is not said of ours', async () => {
  const server = createServer((request, response) => {
    request.resume();
    const headers = {
      'x-hop': '1',
      'proxy-authenticate': 'Basic',
      upgrade: 'h2c',
      trailer: 'x',
      'keep-alive': 'timeout=1',
    };
    response.writeHead(200, { connection: 'close, x-hop', ...headers }).end('{}');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await attack(
    async (target) => {
      const { headers } = await fetch(`${target.url}/api/tags`);
      for (const name of ['x-hop', 'proxy-authenticate', 'upgrade', 'trailer']) expect(headers.has(name)).toBe(false);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
    { settings: { upstream: [{ url, headers: {} }] } },
  );
});

test('an Ollama server that is not there is told without our own insides', async () => {
  await attack(
    async (target) => {
      const response = await fetch(`${target.url}/api/tags`);
      expect(response.status).toBe(502);
      expect(await response.text()).not.toMatch(/node:|\\n/);
    },
    { settings: { upstream: [{ url: 'http://127.0.0.1:1', headers: {} }] } },
  );
});
