import type { ShowResponse } from './wire.ts';

/** What servers have said of single models. It holds while the weights and the server's version stay the same. */
export class ShownModels {
  readonly #known = new Map<string, { state: string; shown: ShowResponse }>();

  /** Whether anything was said of a model, be it out of date. */
  has(host: string, name: string): boolean {
    return this.#known.has(keyOf(host, name));
  }

  get({ host, name, ...now }: ShownModel): ShowResponse | undefined {
    const known = this.#known.get(keyOf(host, name));
    return known?.state === stateOf(now) ? known.shown : undefined;
  }

  set({ host, name, ...now }: ShownModel, shown: ShowResponse): void {
    this.#known.set(keyOf(host, name), { state: stateOf(now), shown });
  }
}

export interface ShownModel {
  host: string;
  name: string;
  digest: string;
  /** Of the server. */
  version: string | undefined;
}

function keyOf(host: string, name: string): string {
  return `${host}\n${name}`;
}

function stateOf({ digest, version = '' }: Pick<ShownModel, 'digest' | 'version'>): string {
  return `${digest} ${version}`;
}
