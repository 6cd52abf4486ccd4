import type { Problem } from '../errors/problem.ts';
import type { Capability } from './wire.ts';

/** What is there: the servers and their models, as surveyed at the start of a run. */
export interface Fleet {
  hosts: FleetHost[];
}

export interface FleetHost {
  url: string;
  /** Why it cannot be used; absent when it is up. */
  problem?: Problem | undefined;
  version?: string | undefined;
  models: FleetModel[];
  slots?: number | undefined;
}

export interface FleetModel {
  /** As the server lists it, always with a tag. */
  name: string;
  digest: string;
  size_bytes: number;
  /** Absent: the server does not tell, which is not the same as none. */
  capabilities?: Capability[] | undefined;
  /** The longest context the model was trained for, in tokens. */
  context_length?: number | undefined;
  /** Set when the model is in memory now. */
  loaded?: { context_length?: number | undefined } | undefined;
  /** How it did lately; absent: nothing is known. */
  measured?: Measured | undefined;
}

/** How a model on a server did what it was asked, in the runs that were kept. */
export interface Measured {
  tasks: number;
  completed: number;
  /** The middle one of those that answered. */
  tokens_per_second?: number | undefined;
  /** A load, in milliseconds of our clock. */
  load_ms?: number | undefined;
  /** From one answer to the next while it was kept busy. */
  answer_ms?: number | undefined;
  /** Of a prompt, on average. */
  prompt_tokens?: number | undefined;
  /** Of an answer, on average. */
  output_tokens?: number | undefined;
}
