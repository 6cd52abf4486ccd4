import { hiddenHeaderValue } from './hidden-header-value.ts';
import type { Agent, AgentHost } from './schema.ts';

/** The agent as it may be shown: values of headers and passwords in addresses are hidden, names of variables are not. */
export function hideSecrets<A extends Pick<Agent, 'config'>>(agent: A): A {
  const { hosts } = agent.config;
  return hosts ? { ...agent, config: { ...agent.config, hosts: hosts.map(hideInHost) } } : agent;
}

function hideInHost(host: AgentHost): AgentHost {
  if (typeof host === 'string') return hidePassword(host);
  const url = hidePassword(host.url);
  if (!host.headers) return { ...host, url };
  const headers = Object.entries(host.headers).map(([name, value]) => [name, hide(value)] as const);
  return { ...host, url, headers: Object.fromEntries(headers) };
}

/** The same text with `***` for each password in an address: `https://user:password@host`. */
export function hidePassword(text: string): string {
  return text
    .replace(/(\w:\/\/[^\s/@:]*):[^\s/@]*@/g, `$1:${hiddenHeaderValue}@`)
    .replace(/^([^\s/@:]*):[^\s/@]*@/, `$1:${hiddenHeaderValue}@`);
}

function hide(value: string): string {
  return /^\$[A-Za-z_][A-Za-z0-9_]*$/.test(value) ? value : hiddenHeaderValue;
}
