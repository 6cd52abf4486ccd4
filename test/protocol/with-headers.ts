import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server in front of one that wants headers; it adds them to every request. Resolves to its address. */
export async function withHeaders(
  url: string,
  headers: Record<string, string>,
): Promise<{ url: string; close: () => void }> {
  const server = createServer((incoming, outgoing) => {
    const options = { method: incoming.method, headers: { ...incoming.headers, ...headers } };
    const onward = request(new URL(incoming.url ?? '/', url), options, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    outgoing.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
