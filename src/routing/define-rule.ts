import type { ProblemCode } from '../errors/catalogue.ts';
import type { Kind } from '../lib/kinds.ts';
import type { FleetHost, FleetModel } from '../ollama/fleet.ts';
import type { Capability } from '../ollama/wire.ts';

/** What is known of a task when it is routed. */
export interface RouteQuestion {
  type: string;
  kind: Kind;
  /** What the model must be able to do. */
  needs: readonly Capability[];
  /** The model the user named for this task. */
  pinned?: string | undefined;
  /** Model by kind of work or task type. */
  preferences: Readonly<Record<string, string>>;
  default_model?: string | undefined;
  /** What has to fit into the context of the model; absent: whatever does not fit may be cut. */
  prompt?: PromptRoom | undefined;
}

/** The size of a prompt, and the room models have for it. */
export interface PromptRoom {
  /** As estimated. */
  tokens: number;
  /** Tokens the context of a model holds, as it would be asked for; undefined when nobody tells. */
  contextOf: (option: Pick<RouteOption, 'model' | 'host'>) => number | undefined;
}

/** A model on a server, while the rules look at it. */
export interface RouteOption {
  model: string;
  /** Among the models that are looked at, counted from 0. */
  place: number;
  host: FleetHost;
  /** The model as installed there; undefined when it is not. */
  installed?: FleetModel | undefined;
  /** The higher, the better; equal ones keep the agent's order. */
  score: number;
  reasons: readonly string[];
  /** Why it cannot be taken. It stays in the list, to be told. */
  dropped?: { code: ProblemCode; reason: string } | undefined;
}

/** One consideration of routing. Hard ones drop an option, soft ones move its score; both say why. */
export interface RoutingRule {
  name: string;
  summary: string;
  apply: (option: RouteOption, question: RouteQuestion) => RouteOption;
}

export function defineRule(rule: RoutingRule): RoutingRule {
  return rule;
}

export function boost(option: RouteOption, points: number, reason?: string): RouteOption {
  const reasons = reason === undefined ? option.reasons : [...option.reasons, reason];
  return { ...option, score: option.score + points, reasons };
}

/** Takes an option out; the first reason stays. */
export function drop(option: RouteOption, code: ProblemCode, reason: string): RouteOption {
  return option.dropped ? option : { ...option, dropped: { code, reason } };
}
