import type { Capability } from '../ollama/wire.ts';

/** A model as the simulator knows it: how large, how fast, and what for. */
export interface VirtualModel {
  /** With its tag, as `/api/tags` lists it. */
  name: string;
  capabilities: readonly Capability[];
  /** Of the weights. */
  sizeBytes: number;
  /** Memory that each token of context takes, in each slot. */
  contextBytes: number;
  /** Longest context it was trained for, in tokens. */
  contextLength: number;
  /** Of a load into memory. */
  loadMs: number;
  tokensPerSecond: number;
  promptTokensPerSecond: number;
  /** Length of each of its answers in prose; absent: some tens of tokens, as the prompt will have it. */
  answerTokens?: number | undefined;
  /** Requests it answers at a time; absent: as many as the server says. */
  slots?: number | undefined;
}

/** Memory of the model with its context. */
export function memoryBytesOf(model: VirtualModel, numCtx: number, slots: number): number {
  return model.sizeBytes + model.contextBytes * numCtx * slots;
}

/** Models that make vectors alone have one slot, whatever the server is told. */
export function slotsOf(model: VirtualModel, parallel: number): number {
  return model.capabilities.includes('completion') ? (model.slots ?? parallel) : 1;
}

/** The context a request gets: what it asks for, or the server's own; within what the model can. */
export function effectiveNumCtx(model: VirtualModel, asked: number | undefined, serverDefault: number): number {
  const least = model.capabilities.includes('vision') ? 2048 : 4;
  return Math.min(Math.max(least, asked ?? serverDefault), model.contextLength);
}
