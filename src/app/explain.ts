// In: what was asked for. Out: which model each task would go to, and why. No prompt is sent, nothing is filled in.
import type { Warning } from '../events/run-document.ts';
import type { Problem } from '../errors/problem.ts';
import type { Fleet } from '../ollama/fleet.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import type { PlanTask } from '../plan/plan.ts';
import type { RouteOption } from '../routing/define-rule.ts';
import { loadParts, type RunRequest } from './load-parts.ts';
import { openPlanner } from './open-planner.ts';
import type { RunContext } from './run-context.ts';

/** Where a task would go, and all that was looked at. */
export interface Explanation {
  /** Counted from 0. */
  index: number;
  type: string;
  kind: string;
  /** Absent: it can go to none, and `problem` says why, or it needs none. */
  model?: string | undefined;
  host?: string | undefined;
  reasons: readonly string[];
  /** Best first; behind them those that cannot take it. */
  candidates: readonly ExplainedCandidate[];
  warnings?: readonly Warning[] | undefined;
  problem?: Problem | undefined;
}

export interface ExplainedCandidate {
  model: string;
  host: string;
  score: number;
  reasons: readonly string[];
  /** It cannot take the task, and the last of the reasons says why. */
  dropped?: true | undefined;
}

/** Plans what was asked for and tells of each task where it goes. The servers are looked at once. */
export async function explainTasks(request: RunRequest, context: RunContext): Promise<Explanation[]> {
  const parts = await loadParts({ ...request, asTyped: request.run_type === 'tasks' }, context);
  const { models, source, survey, planFor } = await openPlanner(parts, context);
  try {
    const surveyed = await survey();
    const { fleet, warnings } = isDown(surveyed) ? imagine(surveyed, models) : { fleet: surveyed, warnings: [] };
    return planFor(fleet).tasks.map(createExplainer(warnings));
  } finally {
    await source.close();
  }
}

function isDown({ hosts }: Fleet): boolean {
  return hosts.every(({ problem }) => problem !== undefined);
}

/** Servers as if they were up and had every model, of which nothing but the name is known. */
function imagine({ hosts }: Fleet, models: readonly string[]): { fleet: Fleet; warnings: Warning[] } {
  const names = [...new Set(models.map(normalizeModelName))];
  const urls = hosts.map(({ url }) => url).join(', ');
  const message = `no server answers at ${urls}: what models can do is judged by their names`;
  return {
    fleet: {
      hosts: hosts.map(({ url }) => ({ url, models: names.map((name) => ({ name, digest: '', size_bytes: 0 })) })),
    },
    warnings: [{ code: 'server-unknown', message }],
  };
}

/** Tasks that were routed alike share what is told of the candidates. */
function createExplainer(general: readonly Warning[]): (task: PlanTask, index: number) => Explanation {
  const known = new Map<readonly RouteOption[], readonly ExplainedCandidate[]>();
  return (task, index) => {
    const { spec, kind, candidates, considered = [], problem } = task;
    const explained = known.get(considered) ?? explainCandidates(task, considered);
    known.set(considered, explained);
    const [first] = candidates;
    const warnings = [...general, ...task.warnings.filter(({ code }) => code === 'model-fallback')];
    return {
      index,
      type: spec.definition.type,
      kind,
      ...(first && { model: first.model, host: first.host }),
      reasons: first?.reasons ?? [],
      candidates: explained,
      ...(warnings.length > 0 && { warnings }),
      ...(problem && { problem }),
    };
  };
}

function explainCandidates({ candidates }: PlanTask, considered: readonly RouteOption[]): ExplainedCandidate[] {
  const offered = new Map(candidates.map(({ model, host, reasons }) => [keyOf(model, host), reasons]));
  const isOffered = ({ model, host }: RouteOption): boolean => offered.has(keyOf(model, host.url));
  const usable = considered.filter(isOffered);
  const others = considered.filter((option) => !isOffered(option));
  return [
    ...usable.map((option) => toCandidate(option, offered.get(keyOf(option.model, option.host.url)) ?? [])),
    ...others.map((option) => {
      const why = option.dropped?.reason ?? 'fallback is off, and another model comes first';
      return { ...toCandidate(option, [...option.reasons, why]), dropped: true as const };
    }),
  ];
}

function toCandidate({ model, host, score }: RouteOption, reasons: readonly string[]): ExplainedCandidate {
  return { model, host: host.url, score: Math.round(score * 1e3) / 1e3, reasons };
}

function keyOf(model: string, host: string): string {
  return `${host}\n${model}`;
}
