// In: a server. Out: connections that end in such a way that the last answer arrives. Effects: the sockets.
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Clock } from '../host/host.ts';

/** What a client still sends is dropped so long, and so much of it. */
const lingerMs = 2000;
const lingerBytes = 64 * 1024 * 1024;

/**
 * A socket that is closed while something unread is in it is reset by the system, and the reset overtakes the answer: who still
 * sends a body would see a broken connection in place of why it is refused. Therefore we end our side first, and read on.
 */
export function closeGently(server: Server, clock: Clock): void {
  server.on('connection', (socket: Socket) => {
    let isClosing = false;
    // What Node calls when an answer was the last on its connection.
    socket.destroySoon = () => {
      if (!isClosing) linger(socket, clock);
      isClosing = true;
    };
  });
}

/** Once both sides have ended, the socket destroys itself. */
function linger(socket: Socket, clock: Clock): void {
  // Who stopped it, for a body that nobody took, has to set it going again before it is ours.
  if (socket.isPaused()) socket.once('resume', () => dropAll(socket)).resume();
  else dropAll(socket);
  socket.end(() => {
    const cancel = clock.after(lingerMs, () => socket.destroy());
    socket.once('close', cancel);
  });
}

/** What comes now is no request any more: the parser does not get it. */
function dropAll(socket: Socket): void {
  let left = lingerBytes;
  socket.removeAllListeners('data');
  socket.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) socket.destroy();
  });
}
