import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Follows the connections of a server.
 * @returns closes those without a request at once, and the others as their last answer is out. The server's own way counts
 *   a connection on which nothing was ever said as busy.
 */
export function trackConnections(server: Server): () => void {
  const requests = new Map<Socket, number>();
  let isClosing = false;
  const closeIfIdle = (socket: Socket): void => {
    if (isClosing && requests.get(socket) === 0) socket.destroySoon();
  };
  server.on('connection', (socket: Socket) => {
    requests.set(socket, 0);
    socket.once('close', () => requests.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    requests.set(socket, (requests.get(socket) ?? 0) + 1);
    response.once('close', () => {
      if (requests.has(socket)) requests.set(socket, (requests.get(socket) ?? 1) - 1);
      closeIfIdle(socket);
    });
  });
  return () => {
    isClosing = true;
    for (const socket of requests.keys()) closeIfIdle(socket);
  };
}
