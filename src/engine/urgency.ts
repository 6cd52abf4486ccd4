/** What decides which of two tasks that could start goes first. */
export interface Urgency {
  /** The higher, the sooner; 0 unless the user says otherwise. */
  readonly priority: number;
  /** Requests sent so far: what was begun is brought to its end. */
  attempts: number;
  /** Tasks on the longest way from its start to the end of the run, itself included. */
  pathLength: number;
  /** Its place in the plan. */
  readonly index: number;
}

/** Below 0 when the first task goes before the second. */
export function compareUrgency(a: Urgency, b: Urgency): number {
  return (
    b.priority - a.priority ||
    Number(b.attempts > 0) - Number(a.attempts > 0) ||
    b.pathLength - a.pathLength ||
    a.index - b.index
  );
}
