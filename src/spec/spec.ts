import type { Location } from '../errors/problem.ts';
import type { RunType, Warning } from '../events/run-document.ts';
import type { Format, Think, WireMessage } from '../ollama/wire.ts';
import type { OnTruncate, TaskDefinition } from '../tasks/define-task.ts';
import type { At, Mark } from './workflow/finding.ts';
import type { Expression } from './expression/expression.ts';
import type { Template } from './template/template.ts';

/** What was asked for: checked, named, and with its placeholders understood. */
export interface Spec {
  run_type: RunType;
  tasks: TaskSpec[];
  /** One after another. */
  sequential: boolean;
  /** The step whose output is the result; absent: the last one. */
  output_step?: string | undefined;
  /** What a workflow file says about the run as a whole. */
  settings?: WorkflowSettings | undefined;
}

export interface WorkflowSettings {
  /** Of the whole run. */
  timeoutMs?: number | undefined;
  /** Most requests in flight. */
  max_parallel?: number | undefined;
  fail_fast?: boolean | undefined;
  budget?: Budget | undefined;
}

/** Limits of a whole run: when one is reached nothing new starts. */
export interface Budget {
  /** Prompt and answer together. */
  tokens?: number | undefined;
  /** Model loads our work causes. */
  loads?: number | undefined;
  timeMs?: number | undefined;
}

/** A step that becomes one task for each element of a list. */
export interface Foreach {
  /** The elements, or an expression that gives them once the steps it names have ended. */
  in: readonly unknown[] | Expression;
  /** Most of its tasks at once; absent: no limit of its own. */
  max_parallel?: number | undefined;
}

/** All of it but the definition is data: it is kept as JSON. */
export interface TaskSpec {
  name: string;
  definition: TaskDefinition;
  prompt: Template;
  /** Sent before the prompt, placeholders included. */
  system?: Template | undefined;
  /** Messages before the prompt. Their texts are sent as they are. */
  messages?: WireMessage[] | undefined;
  /** Names of the tasks it waits for: those whose outputs its placeholders take, and those it names. */
  needs: string[];
  model_name?: string | undefined;
  parameters?: Record<string, unknown> | undefined;
  format?: Format | undefined;
  /** What stands in the answer and is its output: `json`, `code` or `code:LANGUAGE`. */
  extract?: string | undefined;
  on_truncate?: OnTruncate | undefined;
  images?: string[] | undefined;
  think?: Think | undefined;
  options?: Record<string, unknown> | undefined;
  timeoutMs?: number | undefined;
  retries?: number | undefined;
  /** Of what could start, the highest goes first; absent: 0. */
  priority?: number | undefined;
  /** It is skipped when this does not hold. */
  condition?: Expression | undefined;
  foreach?: Foreach | undefined;
  /** Its failure is none of the run. */
  continue_on_error?: boolean | undefined;
  /** Name or id of the agent that does it in place of the run's. */
  agent?: string | undefined;
  /** The prompts and outputs of the steps it needs come before its prompt, as messages. */
  context?: 'previous' | undefined;
  warnings: Warning[];
}

/** A task as it came in, and what is known of where it stood. */
export interface TaskSource {
  /** The JSON object, not checked yet. */
  task: unknown;
  /** The prompt was read from a file: braces in it are text. */
  literal?: boolean | undefined;
  /** How to call it in messages: `tasks.jsonl line 3`, `task 2`. */
  place: string;
  /** Where it stands in a file. */
  location?: Location | undefined;
  /** Where a part of it stands in a file. */
  mark?: ((at: At) => Mark) | undefined;
  /** Tasks it waits for besides those its placeholders name. */
  needs?: readonly string[] | undefined;
  /** What a step says besides its task. */
  frame?: StepFrame | undefined;
}

/** When, how often and by whom a step is done; its expressions are not looked at yet. */
export interface StepFrame {
  if?: string | undefined;
  /** Null: a list that is wrong, which was told. */
  foreach?: readonly unknown[] | string | null | undefined;
  max_parallel?: number | undefined;
  continue_on_error?: boolean | undefined;
  agent?: string | undefined;
  context?: 'previous' | undefined;
}
