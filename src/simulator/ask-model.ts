// In: a request for a model, with what it costs. Out: the tokens as they come, or what the server says in their place.
import { AsyncQueue } from '../lib/async-queue.ts';
import type { WireReply } from '../ollama/wire-encode.ts';
import { readInteger } from '../ollama/wire-options.ts';
import { readKeepAliveMs } from '../ollama/wire-keep-alive.ts';
import { BrokenOff, Refusal } from '../ollama/wire-respond.ts';
import type { WireRequest } from '../ollama/wire-refuse.ts';
import type { End, Timing } from './exchange.ts';
import type { FaultRule } from './faults.ts';
import type { LoadedModel } from './loaded-model.ts';
import { busyReply, crashedReply, killedText, loadFailedReply } from './refusals.ts';
import type { Simulation } from './simulation.ts';
import { effectiveNumCtx, type VirtualModel } from './virtual-model.ts';

/** A request that needs a model. */
export interface ModelCall {
  body: WireRequest;
  model: VirtualModel;
  promptTokens: number;
  /** What it says, for a server that does not evaluate anew what it evaluated last. */
  prompt?: string | undefined;
  outputTokens: number;
  /** What is said in place of an answer, once the model is loaded. */
  refusal?: WireReply | undefined;
  /** Aborted when the client hangs up. */
  signal: AbortSignal;
}

/** A token by its place, and at the end where the time went; not that where an answer breaks off in good order. */
export type Told = { atMs: number } & ({ token: number } | { timing: Timing });

/** The context that a request has its model loaded with. */
export function numCtxOf({ settings }: Simulation, model: VirtualModel, body: WireRequest): number {
  return effectiveNumCtx(model, readInteger(body, 'num_ctx', undefined), settings.numCtx);
}

/** Has a model answer. What comes ends with the time it took, or throws what the client is to be told. */
export async function* askModel(simulation: Simulation, call: ModelCall): AsyncGenerator<Told[], void> {
  const { model, signal } = call;
  const isLoadOnly = call.promptTokens + call.outputTokens === 0;
  const fault = isLoadOnly ? undefined : simulation.faults.faultOf(model.name);
  if (!isLoadOnly) count(simulation.counts.requests, model);
  if (fault?.kind === '503') throw busy(simulation, model);
  if (fault?.kind === 'error-500') throw new Refusal(crashedReply);
  const told = new AsyncQueue<Told>();
  const hangUp = send(simulation, { call, told, fault });
  const leave = (): void => {
    hangUp();
    told.end(signal.reason);
  };
  if (signal.aborted) leave();
  signal.addEventListener('abort', leave, { once: true });
  try {
    yield* told.read();
  } finally {
    signal.removeEventListener('abort', leave);
    hangUp();
  }
}

interface Sending {
  call: ModelCall;
  told: AsyncQueue<Told>;
  fault: FaultRule | undefined;
}

function send(simulation: Simulation, { call, told, fault }: Sending): () => void {
  const { model, body, promptTokens, prompt, outputTokens, refusal } = call;
  let breakAnswer = breaker(simulation, { call, told, fault });
  let runsOn: LoadedModel | undefined;
  const onToken = (token: number): void => {
    told.push({ token, atMs: simulation.clock.now() });
    if (breakAnswer && token + 1 >= (fault?.after ?? 3)) breakNow();
  };
  const breakNow = (): void => {
    const act = breakAnswer;
    breakAnswer = undefined;
    act?.(runsOn);
  };
  return simulation.server.send(
    {
      ...{ model, promptTokens, prompt, outputTokens },
      numCtx: readInteger(body, 'num_ctx', undefined),
      keepAliveMs: readKeepAliveMs(body.keep_alive),
      ...(fault?.kind === 'slow' && { slowness: fault.factor ?? 10 }),
    },
    {
      onLoaded: (loaded) => {
        runsOn = loaded;
        if (refusal) told.end(new Refusal(refusal));
        return refusal ? 'leave' : 'stay';
      },
      ...((body.stream !== false || breakAnswer) && { onToken }),
      onEnd: (end) => {
        if (breakAnswer) breakNow();
        settle(simulation, call, end, told);
      },
    },
  );
}

/** What breaks an answer off, when its fault is one that does. */
function breaker(
  { server }: Simulation,
  { told, fault }: Sending,
): ((loaded: LoadedModel | undefined) => void) | undefined {
  switch (fault?.kind) {
    case 'drop-stream':
      return () => told.end(new BrokenOff('the connection broke'));
    case 'end-early':
      return () => told.end();
    case 'kill-runner':
      return (loaded) => {
        if (loaded) server.scheduler.kill(loaded);
        told.end(new Error(killedText));
      };
    default:
      return undefined;
  }
}

function settle(simulation: Simulation, { model, body }: ModelCall, end: End, told: AsyncQueue<Told>): void {
  if (end.kind === 'answered') {
    told.push({ timing: end.timing, atMs: simulation.clock.now() });
    told.end();
  } else if (end.reason === 'killed') told.end(new Error(killedText));
  else if (end.reason === 'busy') told.end(busy(simulation, model));
  else
    told.end(
      new Refusal(loadFailedReply(end.reason, { ...simulation, model, numCtx: numCtxOf(simulation, model, body) })),
    );
}

function busy({ counts }: Simulation, model: VirtualModel): Refusal {
  count(counts.refused, model);
  return new Refusal(busyReply);
}

function count(counts: Map<string, number>, { name }: VirtualModel): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}
