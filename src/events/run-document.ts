import type { Problem } from '../errors/problem.ts';

/** Of a task or step. `reused` counts as success. */
export type TaskStatus = 'pending' | 'running' | 'completed' | 'failed' | 'skipped' | 'cancelled' | 'reused';

/** Of a run. `interrupted`: the process was stopped by a signal or died. */
export type RunStatus = 'running' | 'completed' | 'failed' | 'cancelled' | 'interrupted';

export type RunType = 'tasks' | 'workflow';

/** Something the user should know about a task that did complete. */
export interface Warning {
  /** `output-length`, `prompt-cut`, `lines-dropped`, `model-fallback`, `output-empty`, … */
  code: string;
  message: string;
}

/** What a task cost. Times are integer nanoseconds. */
export interface Metrics {
  /** `total_ns` as Go writes it: `1.5s`. */
  duration: string;
  /** From the first attempt's start to the last byte, waits between attempts included. */
  total_ns: number;
  /** From the moment the task could have run to its first attempt. */
  queued_ns: number;
  /** What the server spent until the model was ready for the prompt. */
  load_ns?: number | undefined;
  /** The model was loaded for it, as far as the server lets us see. */
  model_loaded?: boolean | undefined;
  prompt_eval_ns?: number | undefined;
  eval_ns?: number | undefined;
  /** From sending to the first piece of the answer. */
  first_token_ns?: number | undefined;
  prompt_tokens?: number | undefined;
  output_tokens?: number | undefined;
  tokens_used?: number | undefined;
  tokens_per_second?: number | undefined;
}

export interface ToolCall {
  id?: string | undefined;
  function: { name: string; arguments: Record<string, unknown> };
}

/** One task of a run, as documents and `task.finished` show it. Fields that do not apply are absent. */
export interface TaskEntry {
  id: string;
  name: string;
  type: string;
  /** The prompt as it was sent, placeholders filled in. */
  input: string;
  status: TaskStatus;
  created_at: string;
  completed_at?: string | undefined;
  /** Only of a completed or reused task. */
  output?: string | undefined;
  /** The whole answer, where the output was found within it. */
  full_output?: string | undefined;
  embedding?: number[] | undefined;
  /** What had arrived before the failure. */
  partial_output?: string | undefined;
  thinking?: string | undefined;
  tool_calls?: ToolCall[] | undefined;
  /** The parsed output of a task with a `format`, or that extracts JSON. */
  structured?: unknown;
  /** The model the user named for this task. */
  model_name?: string | undefined;
  model_used?: string | undefined;
  host?: string | undefined;
  /** Of the weights behind `model_used`. */
  model_digest?: string | undefined;
  /** Hash of all that was asked, the model left out: tasks with the same one may share an answer. */
  fingerprint?: string | undefined;
  kind?: string | undefined;
  reasons?: string[] | undefined;
  needs?: string[] | undefined;
  /** How many times a request was sent. */
  attempts?: number | undefined;
  done_reason?: string | undefined;
  parameters?: Record<string, unknown> | undefined;
  warnings?: Warning[] | undefined;
  metrics?: Metrics | undefined;
  error?: string | undefined;
  problem?: Problem | undefined;
  /** Of a template step: what it became, named `step[0]`, `step[1]` … */
  items?: TaskEntry[] | undefined;
}

/** What the order of a run has saved against asking for its tasks as they came; absent where that is nothing, or not known. */
export interface Savings {
  loads_saved: number;
  /** About: of the loads alone. */
  time_saved_ns: number;
}

/** Counts and sums over the tasks of a run. */
export interface Totals extends Partial<Savings> {
  tasks: number;
  completed: number;
  failed: number;
  skipped: number;
  cancelled: number;
  reused: number;
  /** Loads our work caused, as far as the servers let us see. */
  model_loads: number;
  prompt_tokens: number;
  output_tokens: number;
  /** `total_ns` as Go writes it: `1.5s`. */
  duration: string;
  /** Of all parts of the run; the time between them does not count. */
  total_ns: number;
}

export interface TaskResult {
  task_id: string;
  output: string;
  embedding?: number[] | undefined;
  model_used?: string | undefined;
  metrics: Metrics | Record<string, never>;
}

/** The whole of a run: what `--json` prints and the library resolves to. */
export interface RunDocument {
  id: string;
  run_type: RunType;
  agent_id?: string | undefined;
  agent: string;
  status: RunStatus;
  created_at: string;
  completed_at?: string | undefined;
  /** Of a run of tasks. */
  tasks?: TaskEntry[] | undefined;
  /** Of a workflow; `success` is true for completed and reused steps. */
  steps?: (TaskEntry & { success: boolean })[] | undefined;
  /** Of a workflow: whether the run completed. */
  success?: boolean | undefined;
  /** Of a workflow: the result text. */
  output?: string | undefined;
  /** The completed and reused tasks, in task order. */
  results?: TaskResult[] | undefined;
  error?: string | undefined;
  problem?: Problem | undefined;
  totals: Totals;
}
