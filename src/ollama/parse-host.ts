import { ProblemError } from '../errors/problem.ts';
import type { Environment } from '../host/host.ts';
import type { HostAddress } from './client.ts';

/**
 * The address in `OLLAMA_HOST` or `--host`, read as the server itself reads it. Unlike there, credentials are understood,
 * and what can be no address is refused.
 * @throws ProblemError `host-invalid`
 */
export function parseHostAddress(text: string | undefined): HostAddress {
  const { scheme, defaultPort, rest } = splitScheme(trim(text ?? ''), text ?? '');
  const slash = rest.indexOf('/');
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const path = slash === -1 ? '' : rest.slice(slash).replace(/\/+$/, '');
  // A `/` in a password that is not written as %2F ends the authority: the rest of it would be shown as a path.
  if (path.includes('@')) throw invalid(text ?? '', 'write / as %2F in user names and passwords');
  const at = authority.lastIndexOf('@');
  const { host, port } = splitPort(authority.slice(at + 1), defaultPort);
  const url = toUrl(`${scheme}://${toTarget(host)}:${port}${path}`, host, text ?? '');
  return { url, headers: at === -1 ? {} : { Authorization: toBasic(authority.slice(0, at)) } };
}

/** Adds `OLLAMA_API_KEY` for ollama.com itself; no other server gets to see it. */
export function withApiKey(address: HostAddress, env: Environment): HostAddress {
  const key = env['OLLAMA_API_KEY'];
  const { protocol, hostname } = new URL(address.url);
  if (!key || protocol !== 'https:' || hostname !== 'ollama.com') return address;
  const hasOwn = Object.keys(address.headers).some((name) => name.toLowerCase() === 'authorization');
  return hasOwn ? address : { ...address, headers: { ...address.headers, Authorization: `Bearer ${key}` } };
}

/** People paste quoted values into settings files; the server forgives them. */
function trim(text: string): string {
  return text.trim().replace(/^["']+|["']+$/g, '');
}

function splitScheme(text: string, typed: string): { scheme: string; defaultPort: string; rest: string } {
  const [, scheme, rest] = /^(.*?):\/\/(.*)$/s.exec(text) ?? [];
  if (scheme === undefined || rest === undefined) {
    const isCloud = /^ollama\.com\/?$/.test(text);
    return { scheme: isCloud ? 'https' : 'http', defaultPort: isCloud ? '443' : '11434', rest: text };
  }
  if (scheme === 'http') return { scheme, defaultPort: '80', rest };
  if (scheme === 'https') return { scheme, defaultPort: '443', rest };
  throw invalid(typed, `begin it with http:// or https://, not with ${scheme}://`);
}

/** As Go does: a port that is none is as good as no port. */
function splitPort(authority: string, defaultPort: string): { host: string; port: string } {
  const bare = authority.replace(/^\[|\]$/g, '');
  if (isIPv6(bare)) return { host: bare, port: defaultPort };
  const [, host = authority, port = ''] = /^(\[[^\]]*\]|[^:]*):([^:]*)$/.exec(authority) ?? [];
  const isPort = /^\+?\d+$/.test(port) && Number(port) <= 65_535;
  return { host: host.replace(/^\[|\]$/g, ''), port: isPort ? String(Number(port)) : defaultPort };
}

function isIPv6(text: string): boolean {
  return /^[\da-f]*:[\da-f:]*:[\da-f:.]*(?:%.+)?$/i.test(text);
}

/** Addresses to bind to are none to connect to; without a host the machine itself is meant. */
function toTarget(host: string): string {
  if (host === '' || host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}

function toUrl(text: string, host: string, typed: string): string {
  // A URL would read `8080` as the address 0.0.31.144.
  if (/^\d+$/.test(host)) throw invalid(typed, `for a port of this machine write 127.0.0.1:${host}`);
  if (/[\s?#\\<>^|%]/.test(text) || !URL.canParse(text)) throw invalid(typed, 'write host:port or http://host:port');
  const url = new URL(text);
  return url.origin + url.pathname.replace(/\/+$/, '');
}

function toBasic(userinfo: string): string {
  return `Basic ${Buffer.from(decode(userinfo)).toString('base64')}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function invalid(typed: string, hint: string): ProblemError {
  const shown = typed.replace(/^(.*?:\/\/)?.*@/s, '$1***@');
  return new ProblemError({ code: 'host-invalid', message: `'${shown}' is not the address of a server`, hint });
}
