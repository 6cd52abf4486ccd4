import type { Fleet, FleetHost, FleetModel } from '../../../src/ollama/fleet.ts';
import type { Capability } from '../../../src/ollama/wire.ts';

const shorthands = {
  '': ['completion'],
  embed: ['embedding'],
  see: ['completion', 'vision'],
  think: ['completion', 'thinking'],
  unknown: undefined,
} satisfies Record<string, Capability[] | undefined>;

/** `llama3.2`, `nomic/embed`, `llava/see`, `qwen3/think`, `old/unknown`: a model and what the server says it can do. */
export function modelOf(text: string): FleetModel {
  const [name = '', ability = ''] = text.split('/');
  const capabilities: Capability[] | undefined = shorthands[ability as keyof typeof shorthands];
  return { name: name.includes(':') ? name : `${name}:latest`, digest: name, size_bytes: 1, capabilities };
}

/** A server that is up and has these models. */
export function hostOf(url: string, ...models: string[]): FleetHost {
  return { url, models: models.map(modelOf) };
}

/** A server that does not answer. */
export function downHost(url: string): FleetHost {
  return { url, models: [], problem: { code: 'host-unreachable', message: `no server answers at ${url}`, host: url } };
}

/** One server with these models, or the servers given. */
export function fleetOf(...hosts: (FleetHost | string)[]): Fleet {
  const names = hosts.filter((host) => typeof host === 'string');
  return {
    hosts: names.length > 0 ? [hostOf('http://a', ...names)] : hosts.filter((host) => typeof host !== 'string'),
  };
}
