import { normalizeModelName } from '../ollama/model-name.ts';
import type { LoadFate } from './scheduler.ts';

/** What can go wrong on request. */
export const faultKinds = [
  'hang-load',
  'crash-load',
  'kill-runner',
  '503',
  'error-500',
  'drop-stream',
  'end-early',
  'slow',
] as const;

export type FaultKind = (typeof faultKinds)[number];

/** A fault, and when it happens: at each load or request that it is about, unless said otherwise. */
export interface FaultRule {
  kind: FaultKind;
  /** Default: whichever. */
  model?: string | undefined;
  /** Default 1: always. */
  probability?: number | undefined;
  /** From which load or request on, counted from 1. */
  at?: number | undefined;
  /** How many times at most. */
  count?: number | undefined;
  /** Tokens after which an answer breaks off; default 3. */
  after?: number | undefined;
  /** How many times slower; default 10. */
  factor?: number | undefined;
}

/** Which faults happen. */
export interface Faults {
  /** Asked once for each load. */
  fateOf: (model: string) => LoadFate;
  /** Asked once for each prompt. */
  faultOf: (model: string) => FaultRule | undefined;
}

/** The first rule that applies decides. The same seed makes the same faults, request by request. */
export function createFaults(rules: readonly FaultRule[], random: () => number): Faults {
  const counted = rules.map((rule) => ({ ...rule, model: rule.model && normalizeModelName(rule.model) }));
  const seen = counted.map(() => 0);
  const made = counted.map(() => 0);
  const choose = (isMeant: (kind: FaultKind) => boolean, model: string): FaultRule | undefined =>
    counted.find((rule, index) => {
      if (!isMeant(rule.kind) || (rule.model !== undefined && rule.model !== model)) return false;
      const place = (seen[index] = (seen[index] ?? 0) + 1);
      if (place < (rule.at ?? 1) || (made[index] ?? 0) >= (rule.count ?? Infinity)) return false;
      if (random() >= (rule.probability ?? 1)) return false;
      made[index] = (made[index] ?? 0) + 1;
      return true;
    });
  return {
    fateOf: (model) => fates[choose(isOfLoad, model)?.kind ?? ''] ?? 'load',
    faultOf: (model) => choose((kind) => !isOfLoad(kind), model),
  };
}

const fates: Readonly<Record<string, LoadFate>> = { 'hang-load': 'hang', 'crash-load': 'crash' };
const isOfLoad = (kind: FaultKind): boolean => kind in fates;
