import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { api, serverRig } from './server-rig.ts';

async function page(): Promise<{ html: string; policy: string }> {
  const response = await serverRig({ settings: { token: 'a-secret-token' } }).send('GET', `${api}/docs`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  return { html: await response.text(), policy: response.headers.get('content-security-policy') ?? '' };
}

test.each(['style', 'script'])('its %s may run, and nothing else', async (kind) => {
  const { html, policy } = await page();
  const parts = [...html.matchAll(new RegExp(`<${kind}[^>]*>([^]*?)</${kind}>`, 'g'))].map(([, part]) => part ?? '');
  expect(parts).toHaveLength(1);
  const hash = createHash('sha256')
    .update(parts[0] ?? '')
    .digest('base64');
  expect(policy).toContain(`${kind}-src 'sha256-${hash}';`);
  expect(policy).not.toContain('unsafe');
});

test('it needs nothing from elsewhere', async () => {
  const { html } = await page();
  expect([...html.matchAll(/https?:\/\/[^\s'"`]+/g)].map(([address]) => address)).toEqual([]);
  expect(html).not.toMatch(/\bsrc=|@import|\burl\(/);
});

test('what it shows is only ever set as text', async () => {
  const { html } = await page();
  expect(html).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(/);
});
