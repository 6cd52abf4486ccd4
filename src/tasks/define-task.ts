import type { ToolCall } from '../events/run-document.ts';
import type { Kind } from '../lib/kinds.ts';
import type { OllamaClient } from '../ollama/client.ts';
import type { Capability, Format, Think, WireMessage, WireMetrics } from '../ollama/wire.ts';

/** What one task asks for, with placeholders filled in and defaults applied. */
export interface TaskCall {
  input: string;
  system?: string | undefined;
  messages?: WireMessage[] | undefined;
  format?: Format | undefined;
  images?: string[] | undefined;
  think?: Think | undefined;
  options?: Record<string, unknown> | undefined;
  parameters?: Record<string, unknown> | undefined;
  /** False: the server is to refuse a prompt that does not fit, in place of cutting it. */
  truncate?: boolean | undefined;
}

/** What becomes of a task whose prompt the server cuts. */
export type OnTruncate = 'fail' | 'warn';

/** An answer that was not of the form asked for, and what is wrong with it. */
export interface Rejected {
  answer: string;
  reason: string;
}

export interface TaskContext {
  /** The server and the model chosen for this attempt; absent for a type that runs without a model. */
  client?: OllamaClient | undefined;
  model?: string | undefined;
  /** Aborted when the attempt must end. */
  signal: AbortSignal;
  /** Reports a piece of the answer as it arrives. */
  onDelta: (channel: 'text' | 'thinking', text: string) => void;
  /** Reports a line of the answer that could not be read. */
  onDroppedLine: (line: string) => void;
}

/** What a successful attempt brought. */
export interface TaskOutcome {
  output: string;
  embedding?: number[] | undefined;
  thinking?: string | undefined;
  tool_calls?: ToolCall[] | undefined;
  metrics?: WireMetrics | undefined;
}

/** A kind of task. Shared code never asks for `type`: what it must know, the definition declares. */
export interface TaskDefinition {
  type: string;
  summary: string;
  /** The fields of a call it makes use of besides `input`; others are told to the user as ignored. */
  uses: readonly (keyof TaskCall | 'extract' | 'on_truncate')[];
  /** What the model must be able to do; undefined for a type that runs without a model. */
  needs: ((call: Pick<TaskCall, 'images' | 'messages' | 'think'>) => Capability[]) | undefined;
  /** The call that has a model mend an answer; without one it is asked afresh. */
  repair?: ((call: TaskCall, rejected: Rejected) => TaskCall) | undefined;
  /** The same call to the same model has the same outcome, whatever its options. */
  isRepeatable?: boolean | undefined;
  /** The kind of work it always is; without one the prompt is looked at. */
  kind?: Kind | undefined;
  /** Set when a handler must be registered first; says how. Such a task is refused. */
  unregistered?: string | undefined;
  /** Calls of one model that may share a request, at most this many; {@link run} then gets them all. */
  batch?: { max: number } | undefined;
  /** Runs one call, or a batch; resolves to one outcome per call, in their order. */
  run: (calls: readonly TaskCall[], context: TaskContext) => Promise<TaskOutcome[]>;
}

export function defineTask(definition: TaskDefinition): TaskDefinition {
  return definition;
}

/** The server and model of an attempt; the engine gives both to every type that `needs` something. */
export function requireModel({ client, model }: TaskContext): { client: OllamaClient; model: string } {
  if (!client || model === undefined) throw new Error('a task that needs a model was started without one');
  return { client, model };
}
