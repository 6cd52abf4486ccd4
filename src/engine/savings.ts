// In: the tasks of a run that has ended. Out: what their order has saved. Pure: the order in which they were asked for is
// played on a model of the server.
import type { Savings } from '../events/run-document.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import { rehearse, type RehearsedRequest } from '../simulator/rehearse.ts';
import type { TaskNode } from './task-node.ts';

/** What is known of the server at the end. */
export interface ServerSeen {
  /** Loads the run caused. */
  loads: number;
  /** Models it holds at once. */
  roomOf: (host: string) => number;
  /** What it held at the start. */
  loadedOn: (host: string) => readonly { name: string; context_length?: number | undefined }[];
  /** Milliseconds of a load. */
  loadMs: (place: { host: string; model: string }) => number;
  /** Requests the run had in flight at most. */
  maxConcurrent: number;
}

/** More requests take longer to play than it is worth. */
export const mostPlayed = 10_000;

/**
 * Loads and time that the order of a run has saved against asking for its tasks as they came. Undefined where that is
 * nothing, or cannot be told: with several servers nobody knows where a task would have gone.
 */
export function savingsOf(nodes: readonly TaskNode[], seen: ServerSeen): Savings | undefined {
  const asked = nodes.filter(({ candidate, attempts, metrics }) => candidate && attempts > 0 && metrics);
  const [host, ...otherHosts] = new Set(asked.map(({ candidate }) => candidate?.host));
  const models = new Map(asked.map((node) => [`${node.candidate?.model ?? ''} ${node.load.key}`, node]));
  if (host === undefined || otherHosts.length > 0 || models.size < 2 || asked.length > mostPlayed) return undefined;
  const loadMs = ({ candidate }: TaskNode): number => seen.loadMs({ host, model: candidate?.model ?? '' });
  const { loads } = rehearse(toRequests(asked), {
    models: [...models.values()].map((node) => ({ ...toSketch(node, asked), loadMs: loadMs(node) })),
    loaded: seen.loadedOn(host).map(({ name, context_length }) => ({ model: name, numCtx: context_length })),
    ...{ maxLoaded: seen.roomOf(host), memoryBytes: Infinity, keepAliveMs: Infinity, inFlight: seen.maxConcurrent },
  });
  const loads_saved = loads - seen.loads;
  if (loads_saved < 1) return undefined;
  const meanMs = [...models.values()].reduce((sum, node) => sum + loadMs(node), 0) / models.size;
  return { loads_saved, time_saved_ns: Math.round(loads_saved * meanMs * 1e6) };
}

function toRequests(asked: readonly TaskNode[]): RehearsedRequest[] {
  const places = new Map(asked.map((node, place) => [node, place]));
  const leaders = new Map(asked.flatMap((node) => (node.follower ? [[node.follower, node] as const] : [])));
  return asked.map((node): RehearsedRequest => {
    const leader = leaders.get(node);
    const before = [...node.needs, ...(leader ? [leader] : [])];
    return {
      model: node.candidate?.model ?? '',
      numCtx: node.load.numCtx,
      promptTokens: node.metrics?.prompt_tokens ?? 0,
      outputTokens: Math.max(1, node.metrics?.output_tokens ?? 0),
      needs: before.flatMap((each) => placesOf(each, places)),
    };
  });
}

/** Of a step that became several tasks those. */
function placesOf(node: TaskNode, places: ReadonlyMap<TaskNode, number>): number[] {
  return (node.items?.nodes ?? [node]).flatMap((each) => places.get(each) ?? []);
}

/** The speed at which a model answered in this run. */
function toSketch(node: TaskNode, asked: readonly TaskNode[]) {
  const model = normalizeModelName(node.candidate?.model ?? '');
  const answers = asked.filter(({ candidate }) => normalizeModelName(candidate?.model ?? '') === model);
  const sum = (pick: (metrics: NonNullable<TaskNode['metrics']>) => number | undefined): number =>
    answers.reduce((total, { metrics }) => total + ((metrics && pick(metrics)) ?? 0), 0);
  const rate = (tokens: number, ns: number): number | undefined =>
    ns > 0 && tokens > 0 ? (tokens * 1e9) / ns : undefined;
  const tokensPerSecond = rate(
    sum((metrics) => metrics.output_tokens),
    sum((metrics) => metrics.eval_ns),
  );
  const promptTokensPerSecond = rate(
    sum((metrics) => metrics.prompt_tokens),
    sum((metrics) => metrics.prompt_eval_ns),
  );
  return {
    ...{ name: model, sizeBytes: 1e9, contextBytes: 0 },
    ...(tokensPerSecond !== undefined && { tokensPerSecond }),
    ...(promptTokensPerSecond !== undefined && { promptTokensPerSecond }),
  };
}
