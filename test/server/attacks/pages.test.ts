import { expect, test } from 'vitest';
import { api } from '../server-rig.ts';
import { attack, deletion, intruder, requestText } from './attack-rig.ts';

// What a page of any site can have the browser of whoever runs the server do.

test.each([
  'evil.example',
  'evil.example:11435',
  '127.0.0.1.evil.example',
  'localhost.evil.example',
  'evil.example.',
  '169.254.169.254',
  '[2001:db8::1]',
])('a name of another site that points here is not answered (DNS rebinding): %s', async (name) => {
  await attack(async (target) => {
    for (const start of [`GET ${api}/agents`, 'GET /api/tags', deletion]) {
      const { statuses, text } = await target.raw(requestText(target, start, [`Host: ${name}`]));
      expect(statuses).toEqual([403]);
      expect(text).not.toContain('tester"');
    }
  });
});

test('what a proxy would say of the host is not believed', async () => {
  await attack(async (target) => {
    const { statuses } = await target.raw(
      requestText(target, deletion, [
        'Host: evil.example',
        `X-Forwarded-Host: 127.0.0.1:${target.port}`,
        `Forwarded: host=127.0.0.1:${target.port}`,
        'X-Real-IP: 127.0.0.1',
      ]),
    );
    expect(statuses).toEqual([403]);
  });
});

test.each([
  ['another site', 'https://evil.example'],
  ['nowhere', 'null'],
  ['another port of this machine', 'http://localhost:3000'],
  ['the same host, encrypted', 'https://127.0.0.1'],
  ['a name that begins like ours', 'http://127.0.0.1.evil.example'],
])('a page of %s cannot send what needs no leave', async (_what, origin) => {
  await attack(async (target) => {
    const headers = [`Origin: ${origin}`, 'Content-Type: text/plain'];
    for (const path of [`${api}/agents`, '/api/generate', '/api/pull', '/v1/chat/completions']) {
      const { statuses, text } = await target.raw(requestText(target, `POST ${path}`, headers, intruder));
      expect(statuses).toEqual([403]);
      expect(text).not.toMatch(/access-control/i);
    }
  });
});

test.each(['cross-site', 'same-site'])(
  'a %s request without an origin, such as a picture, is refused',
  async (site) => {
    await attack(async (target) => {
      const headers = [`Sec-Fetch-Site: ${site}`, 'Sec-Fetch-Mode: no-cors', 'Sec-Fetch-Dest: image'];
      for (const path of [`${api}/runs`, '/api/tags']) {
        expect((await target.raw(requestText(target, `GET ${path}`, headers))).statuses).toEqual([403]);
      }
    });
  },
);

test.each([
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain; x=application/json',
  '',
])('what a form can send is not taken for JSON: %s', async (type) => {
  await attack(async (target) => {
    const headers = [
      `Origin: ${target.url}`,
      'Sec-Fetch-Site: same-origin',
      ...(type ? [`Content-Type: ${type}`] : []),
    ];
    const { statuses } = await target.raw(requestText(target, `POST ${api}/agents`, headers, intruder));
    expect(statuses).toEqual([415]);
  });
});

test.each([`${api}/agents`, '/api/generate', '/v1/chat/completions', '/healthz'])(
  'no leave is given to pages that ask for it first: %s',
  async (path) => {
    await attack(async (target) => {
      const headers = [
        'Origin: https://evil.example',
        'Access-Control-Request-Method: DELETE',
        'Access-Control-Request-Headers: content-type',
        'Access-Control-Request-Private-Network: true',
      ];
      const { statuses, text } = await target.raw(requestText(target, `OPTIONS ${path}`, headers));
      expect(statuses).toEqual([403]);
      expect(text).not.toMatch(/access-control/i);
    });
  },
);

test.each(['X-HTTP-Method-Override: DELETE', 'X-Method-Override: DELETE', 'X-HTTP-Method: DELETE'])(
  'a method is what it is: %s',
  async (header) => {
    await attack(async (target) => {
      const path = `${api}/agents/tester?_method=DELETE`;
      expect((await target.raw(requestText(target, `POST ${path}`, [header], '_method=DELETE'))).statuses).toEqual([
        405,
      ]);
      expect((await target.raw(requestText(target, `GET ${path}`, [header]))).statuses).toEqual([200]);
    });
  },
);

test.each(['websocket', 'h2c'])('a connection does not become another one: Upgrade: %s', async (protocol) => {
  await attack(async (target) => {
    const headers = [
      `Upgrade: ${protocol}`,
      'Connection: Upgrade',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ];
    for (const path of [`${api}/runs/last/events`, `${api}/agents`]) {
      const { statuses } = await target.raw(requestText(target, `GET ${path}`, headers));
      expect(statuses).not.toContain(101);
      expect(statuses).toHaveLength(1);
    }
  });
});

test('every answer says what it is, and nothing in it runs or is framed', async () => {
  await attack(async (target) => {
    for (const path of [
      '/healthz',
      `${api}/agents`,
      `${api}/nothing`,
      '/nothing',
      `${api}/docs`,
      `${api}/openapi.json`,
    ]) {
      const { headers } = await fetch(`${target.url}${path}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });
});

test.each(['/<script>alert(1)</script>', `${api}/<img src=x onerror=alert(1)>`, `${api}/agents/<svg onload=alert(1)>`])(
  'an error is no page: %s',
  async (path) => {
    await attack(async (target) => {
      for (const sent of [path, encodeURI(path)]) {
        const { statuses, text } = await target.raw(requestText(target, `GET ${sent}`));
        if (statuses[0] === 400) continue;
        expect(statuses).toEqual([404]);
        expect(text).toMatch(/^content-type: application\/json/im);
      }
    });
  },
);

test('an answer is not wrapped into a call of a script', async () => {
  await attack(async (target) => {
    const response = await fetch(`${target.url}${api}/agents?callback=steal&jsonp=steal`);
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.text()).toMatch(/^\{/);
  });
});
