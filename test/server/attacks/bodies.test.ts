import { once } from 'node:events';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { api } from '../server-rig.ts';
import { attack, intruder, requestText, type Target } from './attack-rig.ts';

// Bodies that are too much, too slow, or not what they seem.

const post = (
  target: Target,
  path: string,
  body: string | Uint8Array,
  headers: Record<string, string> = {},
): Promise<Response> => fetch(`${target.url}${path}`, { method: 'POST', body, headers });

async function refused(answer: Promise<Response>): Promise<[number, string]> {
  const response = await answer;
  const { problem } = (await response.json()) as { problem: { code: string } };
  return [response.status, problem.code];
}

test('a body that says it is too large is refused before it is sent', async () => {
  await attack(async (target) => {
    for (const [path, bytes] of [
      [`${api}/agents`, 10 * 1024 * 1024 + 1],
      [`${api}/tasks`, Number.MAX_SAFE_INTEGER],
      ['/api/generate', 100 * 1024 * 1024 + 1],
      ['/api/blobs/sha256:0', 100 * 1024 * 1024 + 1],
    ] as const) {
      const head = requestText(target, `POST ${path}`, [`Content-Length: ${bytes}`]);
      expect((await target.raw(head)).statuses).toEqual([413]);
    }
  });
});

test.each([
  ['413', []],
  ['413', ['Connection: close']],
  ['403', ['Origin: https://evil.example']],
  ['415', ['Content-Encoding: gzip']],
])('who sends its body all the same gets to read why it is refused: %s, %s', async (status, headers) => {
  await attack(async (target) => {
    const host = `Host: 127.0.0.1:${target.port}`;
    const lines = [`POST ${api}/agents HTTP/1.1`, host, `Content-Length: ${2 ** 30}`, ...headers, '', ''];
    const sent = Array.from({ length: 16 }, () => Buffer.alloc(2 ** 20, 0x20));
    // Rejects when the connection is reset.
    const { text } = await target.raw(lines.join('\r\n'), ...sent);
    expect(text).toMatch(new RegExp(`^HTTP/1\\.1 ${status} [^]*^connection: close\r$`, 'im'));
  });
});

test.each([`${api}/agents`, `${api}/tasks`, `${api}/plan`, '/api/generate', '/api/embed'])(
  'a body without a length is cut off where it gets too large: %s',
  async (path) => {
    await attack(
      async (target) => {
        const socket = await target.open();
        const answered = once(socket, 'data') as Promise<[Buffer]>;
        socket.write(requestText(target, `POST ${path}`, ['Transfer-Encoding: chunked']));
        for (let sent = 0; sent < 20; sent += 1) socket.write(`400\r\n${' '.repeat(1024)}\r\n`);
        const [answer] = await answered;
        expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /);
      },
      { limits: { bodyBytes: 10_000, passedBytes: 10_000 } },
    );
  },
);

test.each(['gzip', 'deflate', 'br', 'zstd', 'gzip, gzip', 'x-unknown'])('no body is unpacked: %s', async (encoding) => {
  await attack(async (target) => {
    const bomb = gzipSync(Buffer.alloc(50 * 1024 * 1024, 0x20));
    const answer = post(target, `${api}/agents`, bomb, { 'content-encoding': encoding });
    expect(await refused(answer)).toEqual([415, 'media-type-refused']);
  });
});

test('who does not finish its headers is hung up on', async () => {
  await attack(
    async (target) => {
      const { statuses } = await target.raw(`POST ${api}/agents HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: `);
      expect(statuses).toEqual([408]);
    },
    { sockets: { headersMs: 50, requestMs: 5000 } },
  );
});

test.each([`${api}/agents`, `${api}/tasks`, '/api/generate'])(
  'who does not finish its body is hung up on: %s',
  async (path) => {
    await attack(
      async (target) => {
        const head = requestText(target, `POST ${path}`, ['Content-Length: 1000']);
        expect((await target.raw(head, '{"name":')).statuses).toEqual([408]);
      },
      { sockets: { headersMs: 50, requestMs: 100 } },
    );
  },
);

test('connections beyond the limit are closed, and those that are there go on', async () => {
  await attack(
    async (target) => {
      const first = await target.open();
      for (const _ of [2, 3]) await target.open();
      const fourth = await target.open();
      await once(fourth, 'close');
      const answered = once(first, 'data') as Promise<[Buffer]>;
      first.write(requestText(target, 'GET /healthz'));
      expect((await answered).toString()).toContain('HTTP/1.1 200');
      first.destroy();
    },
    { sockets: { connections: 3 } },
  );
});

test.each([
  ['no body', ''],
  ['blanks', ' \n'],
  ['null', 'null'],
  ['a list', '[]'],
  ['a text', '"agent"'],
  ['a number', '1e999'],
  ['half of it', intruder.slice(0, -2)],
  ['two of them', intruder + intruder],
  ['another format', 'name: intruder\nmodels: [llama3.2]\n'],
  ['a form', 'name=intruder&models=llama3.2'],
  ['a comment', `/* */${intruder}`],
  ['a byte order mark in another encoding', Buffer.from(`\ufeff${intruder}`, 'utf16le')],
  ['bytes that are no text', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
  ['an encoding of too many bytes', Buffer.from([0x22, 0xc0, 0x80, 0x22])],
  ['half a character', Buffer.from(intruder.replace('intruder', '\xe2\x82'), 'latin1')],
])('a body that is no JSON object is refused: %s', async (_what, body) => {
  await attack(async (target) => {
    for (const path of [`${api}/agents`, `${api}/tasks`, `${api}/workflows`, `${api}/plan`]) {
      const [status, code] = await refused(post(target, path, body));
      expect(status).toBe(400);
      expect(code).toMatch(/-invalid$/);
    }
  });
});

const deep = (open: string, close: string, depth = 200_000): string => open.repeat(depth) + '1' + close.repeat(depth);

test.each([
  ['lists', deep('[', ']')],
  ['objects', deep('{"a":', '}')],
  ['lists in options', `{"name":"intruder","models":["x"],"config":{"options":{"a":${deep('[', ']')}}}}`],
  ['objects in options', `{"name":"intruder","models":["x"],"config":{"options":${deep('{"a":', '}')}}}`],
  ['a format', `{"agent_id":"tester","tasks":[{"type":"generate","input":"x","format":${deep('{"a":', '}')}}]}`],
  ['parameters', `{"agent_id":"tester","tasks":[{"type":"generate","input":"x"}],"parameters":${deep('{"a":', '}')}}`],
  ['foreach', `{"agent_id":"tester","steps":[{"type":"generate","prompt":"x","foreach":${deep('[', ']')}}]}`],
])('depth is no way to exhaust the stack: %s', async (_what, body) => {
  await attack(async (target) => {
    const paths = [`${api}/agents`, `${api}/tasks`, `${api}/workflows`, `${api}/explain`];
    for (const path of paths) {
      const [status] = await refused(post(target, path, body));
      expect({ path, status }).toEqual({ path, status: 400 });
    }
  });
});

test.each([
  [
    'many aliases',
    'a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nsteps: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n',
  ],
  ['an alias of itself', 'steps: &a [*a]\n'],
  ['a type of a program', 'steps: !!js/function "function(){}"\n'],
  ['deep lists', `steps: ${deep('[', ']', 20_000)}\n`],
  ['deep maps', `steps: ${deep('{a: ', '}', 20_000)}\n`],
  ['NUL', 'steps: ["\0"]\n'],
])('the text of a workflow is no way in: %s', async (_what, workflow) => {
  await attack(async (target) => {
    const [status] = await refused(post(target, `${api}/workflows`, JSON.stringify({ agent_id: 'tester', workflow })));
    expect(status).toBe(400);
  });
});

test.each([
  ['a name with NUL', { name: 'in\0truder', models: ['x'] }],
  ['a name with a line', { name: 'intruder\r\nX-Injected: 1', models: ['x'] }],
  ['a name that is a path', { name: '../intruder', models: ['x'] }],
  ['a name that is a device', { name: '..', models: ['x'] }],
  ['a long name', { name: 'a'.repeat(100_000), models: ['x'] }],
  ['a model with NUL', { name: 'intruder', models: ['x\0y'] }],
  ['half a character', { name: 'intruder', models: ['x'], system: '\ud800' }],
  [
    'a header of two lines',
    { name: 'intruder', models: ['x'], config: { hosts: [{ url: 'gpu1', headers: { A: 'b\r\nC: d' } }] } },
  ],
])('an agent is held to its rules: %s', async (_what, agent) => {
  await attack(async (target) => {
    const [status, code] = await refused(post(target, `${api}/agents`, JSON.stringify(agent)));
    expect({ status, code }).toEqual({ status: 400, code: 'agent-invalid' });
  });
});

test.each([
  ['NUL', 'a\0b'],
  ['half a character', 'a\ud800'],
  ['nothing', ''],
])('a prompt is text: %s', async (_what, input) => {
  await attack(async (target) => {
    const body = JSON.stringify({ agent_id: 'tester', tasks: [{ type: 'generate', input }] });
    expect((await refused(post(target, `${api}/tasks`, body)))[0]).toBe(400);
  });
});
