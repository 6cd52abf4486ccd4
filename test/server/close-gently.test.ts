import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { closeGently } from '../../src/server/close-gently.ts';
import { ManualClock } from '../unit/engine/manual-clock.ts';

interface Connection {
  clock: ManualClock;
  /** Of the client; it does not end when the other side does. */
  client: Socket;
  /** Of the server. */
  socket: Socket;
}

async function connection(listener: RequestListener): Promise<Connection> {
  const clock = new ManualClock();
  const server = createServer(listener).listen(0, '127.0.0.1');
  closeGently(server, clock);
  server.on('clientError', () => undefined);
  await once(server, 'listening');
  const connected = once(server, 'connection') as Promise<[Socket]>;
  const { port } = server.address() as AddressInfo;
  const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  client.on('error', () => undefined);
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  const [socket] = await connected;
  return { clock, client, socket };
}

const lastAnswer: RequestListener = (_, response) => {
  response.shouldKeepAlive = false;
  response.end('refused');
};

const head = 'POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000000000\r\n\r\n';

test('a connection is closed when its client closes it', async () => {
  const { client, socket } = await connection(lastAnswer);
  client.write(head);
  await once(client.resume(), 'end');
  expect(socket.destroyed).toBe(false);
  client.end();
  await once(socket, 'close');
});

test('a client that does not close its connection is waited for only so long', async () => {
  const { clock, client, socket } = await connection(lastAnswer);
  client.write(head);
  await once(client.resume(), 'end');
  const closed = once(socket, 'close');
  clock.advance(2000);
  await closed;
});

test('a client that sends on and on is hung up on', async () => {
  const { client, socket } = await connection(lastAnswer);
  client.write(head);
  await once(client.resume(), 'end');
  const closed = once(socket, 'close');
  const piece = Buffer.alloc(2 ** 20);
  const send = (): void => void client.write(piece, (error) => error ?? send());
  send();
  await closed;
  expect(socket.bytesRead).toBeLessThan(80 * 2 ** 20);
});

test('what comes behind the last answer is no request any more', async () => {
  const paths: (string | undefined)[] = [];
  const { client, socket } = await connection((incoming, response) => {
    paths.push(incoming.url);
    lastAnswer(incoming, response);
  });
  client.write('GET /1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await once(client.resume(), 'end');
  client.end('GET /2 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n');
  await once(socket, 'close');
  expect(paths).toEqual(['/1']);
});

test('a body that nobody took is dropped, too', async () => {
  const { client, socket } = await connection((incoming, response) => {
    // As much as is held for a reader, so that the connection was stopped.
    incoming.once('readable', () => {
      const untilStopped = (): void => {
        if (socket.isPaused()) lastAnswer(incoming, response);
        else setImmediate(untilStopped);
      };
      untilStopped();
    });
  });
  client.write(head);
  client.write(Buffer.alloc(8 * 2 ** 20));
  await once(client.resume(), 'end');
  client.end();
  await once(socket, 'close');
  expect(socket.bytesRead).toBe(head.length + 8 * 2 ** 20);
});
