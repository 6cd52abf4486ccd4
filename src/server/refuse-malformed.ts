// In: what is no request of HTTP as it must be. Out: an answer that says so. Effects: the sockets.
import { maxHeaderSize, STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ProblemError } from '../errors/problem.ts';
import { problemAnswer, type Answer } from './respond.ts';
import { securityHeaders } from './secured.ts';

interface Exchange {
  incoming: IncomingMessage;
  outgoing: ServerResponse;
}

/**
 * Answers what never becomes a request that the app could answer.
 * @param onRefused is told the status of each such answer
 */
export function refuseMalformed(server: Server, onRefused: (status: number) => void): void {
  const exchanges = new WeakMap<Socket, Exchange>();
  const refused = new WeakSet<Socket>();
  server.on('request', (incoming, outgoing) => exchanges.set(incoming.socket, { incoming, outgoing }));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Node finds each further piece wrong, too.
    if (refused.has(socket)) return;
    refused.add(socket);
    const exchange = exchanges.get(socket);
    if (!socket.writable || isAnswered(exchange)) return void socket.destroy();
    const answer = problemAnswer(toProblemError(error));
    socket.write(toText(answer));
    socket.destroySoon();
    if (isOver(exchange)) onRefused(answer.status);
  });
}

/** A request whose body is broken is one that the app has begun to answer, and knows of. */
function isOver(exchange: Exchange | undefined): boolean {
  return exchange?.outgoing.writableFinished ?? true;
}

/** Whether more words would come in the middle of an answer, or be a second one. */
function isAnswered(exchange: Exchange | undefined): boolean {
  if (!exchange) return false;
  const { incoming, outgoing } = exchange;
  return outgoing.headersSent && !(incoming.complete && outgoing.writableFinished);
}

function toText({ status, headers, body }: Answer): string {
  const all = {
    ...securityHeaders,
    ...headers,
    'content-length': String(Buffer.byteLength(body)),
    connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n');
}

function toProblemError({ code, message }: NodeJS.ErrnoException): ProblemError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    const limit = `${maxHeaderSize / 1024} KiB`;
    return new ProblemError({ code: 'headers-too-large', message: `the headers are larger than ${limit}` });
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    return new ProblemError({
      code: 'input-too-large',
      message: 'what is said about the chunks of the body is too much',
    });
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new ProblemError({ code: 'request-too-slow', message: 'the request took too long to arrive' });
  }
  return notUnderstood(message);
}

/** What is no request of HTTP as it must be. */
export function notUnderstood(reason: string): ProblemError {
  return new ProblemError({ code: 'usage-invalid', message: `the request is not understood: ${reason}` });
}
