import type { Problem } from '../errors/problem.ts';
import type { Candidate } from '../events/plan-snapshot.ts';
import type { Warning } from '../events/run-document.ts';
import type { Fleet } from '../ollama/fleet.ts';
import { normalizeModelName } from '../ollama/model-name.ts';
import type { RouteOption, RouteQuestion, RoutingRule } from './define-rule.ts';
import { routingRules } from './index.ts';

/** Where a task may go. */
export interface Route {
  /** Best first. Empty exactly when there is a problem. */
  candidates: Candidate[];
  /** Everything that was looked at, best first: also what was dropped, and why. */
  options: readonly RouteOption[];
  warnings: Warning[];
  /** The preferred model, where it is not installed: what a pull would get. */
  missing?: Candidate | undefined;
  problem?: Problem | undefined;
}

/** The models of an agent, and whether another of them may stand in for a missing one. */
export interface RouteChoice {
  models: readonly string[];
  fallback: boolean;
  /** What to type to get a model that is not installed. */
  installHint: (model: string) => string;
}

/** Which models on which servers may answer, best first, and why. Pure. */
export function route(
  question: RouteQuestion,
  choice: RouteChoice,
  fleet: Fleet,
  rules: readonly RoutingRule[] = routingRules,
): Route {
  const options = optionsFor(question, choice, fleet)
    .map((option) => rules.reduce((current, rule) => rule.apply(current, question), option))
    .sort((a, b) => b.score - a.score);
  const able = options.filter((option) => option.dropped?.code !== 'model-incapable');
  const preferred = able[0]?.model;
  const missing = missingOf(able);
  const allowed = choice.fallback ? able : able.filter(({ model }) => model === preferred);
  const usable = allowed.filter((option) => !option.dropped);
  const offered = usable.length > 0 ? usable : allowed.filter(({ dropped }) => dropped?.code === 'prompt-too-long');
  const first = offered[0];
  if (!first) return { candidates: [], options, warnings: [], missing, problem: problemOf(options, question, choice) };
  return {
    candidates: offered.map(({ model, host, reasons }) => ({
      model,
      host: host.url,
      reasons:
        reasons.length > 0 ? [...reasons] : [`${model === first.model ? 'first' : 'next'} of the agent's models`],
    })),
    options,
    warnings: first.model === preferred ? [] : [standInWarning(able[0], first)],
    missing: first.model === preferred ? undefined : missing,
  };
}

/** Every model the question allows on every server, in the agent's order. */
function optionsFor(question: RouteQuestion, { models }: RouteChoice, fleet: Fleet): RouteOption[] {
  const { pinned, kind, type, preferences, default_model } = question;
  const named = pinned === undefined ? [...models, preferences[kind], preferences[type], default_model] : [pinned];
  const byName = new Map<string, string>();
  for (const model of named) {
    if (model !== undefined && !byName.has(normalizeModelName(model))) byName.set(normalizeModelName(model), model);
  }
  return [...byName].flatMap(([normal, model], place) =>
    fleet.hosts.map((host) => ({
      model,
      place,
      host,
      installed: host.models.find(({ name }) => normalizeModelName(name) === normal),
      score: 0,
      reasons: [],
    })),
  );
}

/** The preferred model on the first server that is up. */
function missingOf(able: readonly RouteOption[]): Candidate | undefined {
  const first = able.find(({ model, dropped }) => model === able[0]?.model && dropped?.code === 'model-missing');
  return first && { model: first.model, host: first.host.url, reasons: [...first.reasons] };
}

function standInWarning(missing: RouteOption | undefined, standIn: RouteOption): Warning {
  const reason = missing?.dropped?.reason ?? 'the preferred model is not available';
  return { code: 'model-fallback', message: `${reason}; ${standIn.model} takes its place` };
}

/** Why nothing is left: the reason nearest to a working choice. */
function problemOf(
  options: readonly RouteOption[],
  { needs, pinned, type }: RouteQuestion,
  { installHint }: RouteChoice,
): Problem {
  const missing = options.find(({ dropped }) => dropped?.code === 'model-missing');
  if (missing) {
    const message = missing.dropped?.reason ?? '';
    return { code: 'model-missing', message, hint: installHint(missing.model), host: missing.host.url };
  }
  const unreachable = options.find(({ host }) => host.problem);
  if (unreachable?.host.problem) return unreachable.host.problem;
  const models = [...new Set(options.map(({ model }) => model))].join(', ');
  const subject = pinned === undefined ? `no model of the agent (${models})` : `model '${pinned}'`;
  const message = `${subject} can do what a task of type ${type} needs: ${needs.join(', ')}`;
  return {
    code: 'model-incapable',
    message: pinned === undefined ? message : message.replace(' can do', ' cannot do'),
    hint: capabilityHint(needs),
  };
}

function capabilityHint(needs: readonly string[]): string {
  if (needs.includes('embedding')) return 'add an embedding model to the agent, for example nomic-embed-text';
  if (needs.includes('vision')) return 'add a model that can see images to the agent, for example llava';
  return 'add a model with that capability to the agent';
}
