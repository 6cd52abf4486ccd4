/**
 * What each consideration is worth. A greater one is never outweighed by all smaller ones together: what users say
 * comes before what is known of models, that before where they are.
 */
export const points = {
  /** `routing_preferences` for the kind of work. */
  preferredForKind: 20_000,
  /** `routing_preferences` for the task type. */
  preferredForType: 10_000,
  /** The server says that it can do what few can. */
  able: 5_000,
  /** Its name says so. */
  ableByName: 4_000,
  madeForKind: 100,
  isDefault: 20,
  /** Most of what it was asked lately failed. */
  failing: -10,
  loaded: 4,
  /** Per place behind the first of the agent's models. */
  behind: -0.01,
  /** Per doubling of its measured speed, at most nine: it decides between servers, never between models. */
  twiceAsFast: 0.001,
} as const;
