import type { Problem } from '../errors/problem.ts';
import type { Warning } from './run-document.ts';

/** The plan as `run.started` and `--dry-run` show it. */
export interface PlanSnapshot {
  tasks: PlannedTask[];
  /** Names in the order in which the tasks may start; absent where none waits for another. */
  order?: string[] | undefined;
  /** Names along the longest chain of tasks that wait for one another; absent where none does. */
  longest_path?: string[] | undefined;
  /** What the run would take; only in a dry run, and absent where nothing can be said. */
  predicted?: Prediction | undefined;
}

/** What a run is expected to take, by a model of its servers. */
export interface Prediction {
  model_loads: number;
  /** `total_ns` as Go writes it: `1m30s`. */
  duration: string;
  total_ns: number;
  /** What loads and answers took in the runs that are kept, or the sizes of the models where nothing is known of them. */
  based_on: 'measured' | 'sizes' | 'both';
}

export interface PlannedTask {
  task: string;
  /** Absent in a dry run: such tasks never get one. */
  task_id?: string | undefined;
  type: string;
  /** The prompt before placeholders are filled in. */
  input: string;
  /** Names of the tasks whose outputs it waits for. */
  needs: string[];
  /** The task before it, which it waits for without needing it, where tasks run one after another. */
  after?: string | undefined;
  kind: string;
  /** In order of preference; the first that is still valid when the task starts is taken. */
  candidates: Candidate[];
  /** The expression it is skipped for when it does not hold. */
  if?: string | undefined;
  /** How many tasks it becomes, or the expression that tells. */
  foreach?: number | string | undefined;
  continue_on_error?: boolean | undefined;
  /** Name of the agent that does it, where that is another one than the run's. */
  agent?: string | undefined;
  /** `json`, `code` or `code:LANGUAGE`: what of the answer is the output; absent: all of it. */
  form?: string | undefined;
  /** About how many tokens are sent, as far as that is known now: outputs and items that are to come count as 0. */
  prompt_tokens?: number | undefined;
  /** Outputs or items are still to come into the prompt. */
  prompt_incomplete?: boolean | undefined;
  /** Tokens the context of the first candidate holds: `num_ctx`, else what the model was trained for. */
  context_length?: number | undefined;
  warnings?: Warning[] | undefined;
  /** Why it cannot run at all; such a task fails without being sent. */
  problem?: Problem | undefined;
}

/** A model on a server that may answer a task. */
export interface Candidate {
  model: string;
  /** Address of the server. */
  host: string;
  reasons: string[];
}
