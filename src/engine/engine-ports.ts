import type { Clock } from '../host/host.ts';
import type { TaskFinished } from '../events/event.ts';
import type { Warning } from '../events/run-document.ts';
import type { OllamaClient } from '../ollama/client.ts';
import type { SchemaLoader } from '../spec/schema-loader.ts';
import type { Record } from './emitter.ts';
import type { Meter } from './meter.ts';
import type { KnownSpeeds } from './speeds.ts';
import type { Turns } from './turns.ts';

/** What a run needs of the world outside the engine. */
export interface EnginePorts {
  /** By the address the plan's candidates name. */
  clients: ReadonlyMap<string, OllamaClient>;
  /** What each server held in memory when it was surveyed. */
  loaded: ReadonlyMap<string, readonly { name: string; context_length?: number | undefined }[]>;
  /** How long loads and answers are expected to take; what is missing is guessed, and all is measured. */
  speeds?: KnownSpeeds | undefined;
  loadSchemas: SchemaLoader;
  clock: Clock;
  newId: () => string;
  random: () => number;
  /** Aborted to stop the run; the reason says why. */
  signal: AbortSignal;
  /** Shared by all runs of this process, so that they do not swap each other's models. */
  turns?: Turns | undefined;
  /** Shared likewise: what the requests of all of them have shown. */
  meter?: Meter | undefined;
  /**
   * Asked before each request to a model: resolves when it may be sent, to what is called once it has ended. Others than
   * this run may have requests there, too.
   */
  enter?: Enter | undefined;
  /** Keeps durable events. */
  record?: Record | undefined;
  /** Set when the run goes on that an earlier process, or an earlier command, had left. */
  earlier?: EarlierParts | undefined;
  /** Answers that may take the place of a request. */
  answers?: Answers | undefined;
}

/** Rejects with the reason of the signal, and for nothing else. */
export type Enter = (host: string, model: string, signal: AbortSignal) => Promise<() => void>;

/** What a run was before this part of it. */
export interface EarlierParts {
  /** Number of its last event: the next one goes on from there. */
  seq: number;
  /** How long its parts took. */
  takenMs: number;
  modelLoads: number;
  /** Ids of its tasks, by name. */
  ids: ReadonlyMap<string, string>;
  /** Tasks that stay as they ended, by name; items of a `foreach` step as `name[0]`. */
  kept: ReadonlyMap<string, TaskFinished>;
}

/** Answers of earlier runs. */
export interface Answers {
  find: (question: Question) => Promise<FoundAnswer | undefined>;
  /** Nothing is sent: what is not found fails. */
  only: boolean;
}

/** A prompt about to be sent. */
export interface Question {
  /** Name of the task that asks. */
  task: string;
  /** Hash of all that is asked, the model left out. */
  fingerprint: string;
  host: string;
  model: string;
  /** Of the model's weights, where known. */
  digest?: string | undefined;
  /** Whether the same question gets the same answer: it has a seed, or temperature 0, or is no generation. */
  isRepeatable: boolean;
}

/** An earlier answer, or why the one there is may not be taken. */
export type FoundAnswer = { answer: TaskFinished; reason: string } | { refused: Warning };
