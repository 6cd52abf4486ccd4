import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { version } from '../../../src/lib/version.ts';

test('the version is that of the package', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as object;
  expect(manifest).toMatchObject({ version });
});
