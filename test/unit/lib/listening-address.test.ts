import { expect, test } from 'vitest';
import { listeningAddress } from '../../../src/lib/listening-address.ts';

test.each([
  ['IPv4', '127.0.0.1', 'http://127.0.0.1:11435'],
  ['IPv6', '::1', 'http://[::1]:11435'],
])('an address of %s becomes one that can be asked', (family, address, url) => {
  const server = { address: () => ({ family, address, port: 11_435 }) };
  expect(listeningAddress(server)).toEqual({ url, port: 11_435 });
});
