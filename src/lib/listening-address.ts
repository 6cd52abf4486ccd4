import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Where a server that listens is to be found. */
export function listeningAddress(server: Pick<Server, 'address'>): { url: string; port: number } {
  const { address, port, family } = server.address() as AddressInfo;
  return { url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`, port };
}
