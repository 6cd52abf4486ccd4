// In: the headers of a request or an answer. Out: those that are passed on. Pure.
import { bearerOf, isToken, tokenHeader } from './guards/token.ts';

/** About one connection, or said anew for the next one (RFC 9110, 7.6.1). */
const hopByHop = new Set([
  ...['connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection'],
  ...['te', 'trailer', 'transfer-encoding', 'upgrade', 'expect'],
]);

/** The guards have looked at these, and the Ollama server would take offence at a site it does not know. */
const ours = new Set(['host', 'origin', 'sec-fetch-site', 'sec-fetch-mode', 'sec-fetch-dest', tokenHeader]);

/**
 * What the Ollama server gets to see: all that the client sent but what was meant for us.
 * @param address what that server wants to see of its own; the client's word wins
 * @param token ours: it is nobody else's business
 */
export function toUpstreamHeaders(
  headers: Headers,
  address: Readonly<Record<string, string>>,
  token: string | undefined,
): Record<string, string> {
  const passed = [...withoutHops(headers)].filter(([name]) => !ours.has(name));
  const isOurs = token !== undefined && isToken(bearerOf(headers), token);
  const own = isOurs ? passed.filter(([name]) => name !== 'authorization') : passed;
  const names = new Set(own.map(([name]) => name));
  const added = Object.entries(address).filter(([name]) => !names.has(name.toLowerCase()));
  return Object.fromEntries([...own, ...added]);
}

/** What the client gets to see of the answer's headers. */
export function toClientHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Headers {
  const all = new Headers();
  for (const [name, value] of Object.entries(headers)) {
    for (const each of [value ?? []].flat()) all.append(name, each);
  }
  const passed = new Headers();
  for (const [name, value] of withoutHops(all)) passed.append(name, value);
  return passed;
}

function* withoutHops(headers: Headers): IterableIterator<[string, string]> {
  const named = (headers.get('connection') ?? '').toLowerCase().split(',');
  const dropped = new Set(named.map((name) => name.trim()));
  for (const [name, value] of headers) if (!hopByHop.has(name) && !dropped.has(name)) yield [name, value];
}
