// In: requests in the order in which they are sent, and a server. Out: how many loads they cause and how long they take.
import { PriorityQueue } from '../lib/priority-queue.ts';
import { createSeededRandom } from '../lib/seeded-random.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import type { End } from './exchange.ts';
import { guessModel, type ModelSketch } from './guess-model.ts';
import { createServerModel } from './server-model.ts';
import { defaultServerSettings, type ServerSettings } from './server-settings.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';
import type { VirtualModel } from './virtual-model.ts';

/** A request of a rehearsal. */
export interface RehearsedRequest {
  model: string;
  numCtx?: number | undefined;
  promptTokens: number;
  outputTokens: number;
  /** Places of the requests in the list that must have ended before this one is sent. */
  needs?: readonly number[] | undefined;
  /** Not before that time, counted from the start. */
  atMs?: number | undefined;
}

/** A server as far as it is known, and how requests are sent to it. */
export interface RehearsedServer extends Partial<ServerSettings> {
  /** What is known of its models; everything else is guessed from their names. */
  models?: readonly ModelSketch[] | undefined;
  /** What is in memory at the start. */
  loaded?: readonly { model: string; numCtx?: number | undefined }[] | undefined;
  /** Requests on their way at once: 1 sends one after another; absent: all as soon as they may. */
  inFlight?: number | undefined;
  /** Between two requests that could be sent at the same moment. */
  sendMs?: number | undefined;
  seed?: number | undefined;
}

/** What came of a rehearsal. */
export interface Rehearsal {
  loads: number;
  loadsByModel: Record<string, number>;
  /** From the start to the last end. */
  ms: number;
  /** When each request ended, in the order of the list. */
  endedAtMs: number[];
  /** Requests that the server refused, because too many waited or the model never fits. */
  refused: number;
}

/** What it takes a program to send one more request over HTTP. */
const defaultSendMs = 2.5;

/** Runs requests through the model of the server, in no time; the same requests always give the same numbers. */
export function rehearse(requests: readonly RehearsedRequest[], server: RehearsedServer = {}): Rehearsal {
  const clock = createVirtualClock();
  const settings = { ...defaultServerSettings, ...server };
  const { send, scheduler } = createServerModel({
    settings,
    clock,
    random: createSeededRandom(server.seed ?? 0),
  });
  const modelOf = createModels(server.models ?? []);
  for (const { model, numCtx } of server.loaded ?? []) scheduler.place(modelOf(model), numCtx);
  const endedAtMs = requests.map(() => Infinity);
  let refused = 0;
  const { inFlight = Infinity, sendMs = defaultSendMs } = server;
  sendInOrder(requests, { clock, inFlight, sendMs }, (request, index, onSettled) => {
    const onEnd = ({ kind }: End): void => {
      if (kind === 'failed') refused += 1;
      endedAtMs[index] = clock.now();
      onSettled();
    };
    send({ ...request, model: modelOf(request.model) }, { onEnd });
  });
  clock.runAll();
  const ms = endedAtMs.reduce((last, endedMs) => Math.max(last, endedMs), 0);
  return { loads: scheduler.totalLoads, loadsByModel: Object.fromEntries(scheduler.loads), ms, endedAtMs, refused };
}

function createModels(sketches: readonly ModelSketch[]): (name: string) => VirtualModel {
  const models = new Map(sketches.map((sketch) => [normalizeModelName(sketch.name), guessModel(sketch)]));
  const byGivenName = new Map<string, VirtualModel>();
  return (name) => {
    const model = byGivenName.get(name) ?? models.get(normalizeModelName(name)) ?? guessModel({ name });
    byGivenName.set(name, model);
    return model;
  };
}

interface Sending {
  clock: VirtualClock;
  inFlight: number;
  sendMs: number;
}

/** Sends what may be sent, earlier ones of the list first. */
function sendInOrder(
  requests: readonly RehearsedRequest[],
  { clock, inFlight, sendMs }: Sending,
  send: (request: RehearsedRequest, index: number, onSettled: () => void) => void,
): void {
  const ready = new PriorityQueue<number>((a, b) => a < b);
  const dependents = requests.map((): number[] => []);
  /** Needs that have not ended, and the time before which a request is not sent. */
  const waitsFor = requests.map(({ needs = [] }) => needs.length + 1);
  let open = 0;
  let isSending = false;
  requests.forEach(({ needs = [], atMs = 0 }, index) => {
    for (const need of needs) dependents[need]?.push(index);
    if (atMs > 0) clock.after(atMs, () => release(index));
    else release(index);
  });

  function release(index: number): void {
    waitsFor[index] = (waitsFor[index] ?? 0) - 1;
    if (waitsFor[index] !== 0) return;
    ready.push(index);
    sendNext();
  }

  function sendNext(): void {
    if (isSending || open >= inFlight) return;
    const index = ready.shift();
    const request = index === undefined ? undefined : requests[index];
    if (index === undefined || !request) return;
    open += 1;
    isSending = true;
    clock.after(sendMs, () => {
      isSending = false;
      send(request, index, () => {
        open -= 1;
        for (const dependent of dependents[index] ?? []) release(dependent);
        sendNext();
      });
      sendNext();
    });
  }
}
