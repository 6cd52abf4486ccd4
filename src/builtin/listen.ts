import { serveFetch, type FetchHandler, type FetchServer } from '../lib/serve-fetch.ts';
import { errorReply } from '../ollama/wire-encode.ts';
import { toResponse } from '../ollama/wire-respond.ts';

/** Serves a handler on a random port of loopback to whoever knows the token. */
export function listenOnLoopback(handler: FetchHandler, token: string): Promise<FetchServer> {
  return serveFetch(requireToken(handler, token), { address: '127.0.0.1', port: 0 });
}

function requireToken(handler: FetchHandler, token: string): FetchHandler {
  return async (request) => {
    const isKnown = request.headers.get('authorization') === `Bearer ${token}`;
    return isKnown ? handler(request) : toResponse(errorReply(401, 'unauthorized'));
  };
}
