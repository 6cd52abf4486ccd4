// In: the settings of an agent and its servers. Out: what routes its tasks. Pure.
import type { Kind } from '../lib/kinds.ts';
import type { Fleet } from '../ollama/fleet.ts';
import type { PromptRoom, RouteQuestion } from '../routing/define-rule.ts';
import { route, type Route, type RouteChoice } from '../routing/route.ts';
import type { TaskSpec } from '../spec/spec.ts';
import type { OnTruncate } from '../tasks/define-task.ts';
import { contextLength, factsOf, modelKey } from './model-facts.ts';
import { createTokenCounter, knownTexts } from './prompt-size.ts';

/** What routing must know of a task besides what it says itself. */
export interface TaskToRoute {
  spec: TaskSpec;
  kind: Kind;
  pinned: string | undefined;
  options: Readonly<Record<string, unknown>>;
  onTruncate: OnTruncate;
}

type RouterSettings = RouteChoice &
  Pick<RouteQuestion, 'default_model'> & {
    system?: string | undefined;
    routing_preferences: RouteQuestion['preferences'];
  };

/** Tasks that ask the same question get the same route: with 100,000 tasks there are still few questions. */
export function createRouter(settings: RouterSettings, fleet: Fleet): (task: TaskToRoute) => Route {
  const { routing_preferences: preferences, default_model } = settings;
  const known = new Map<string, Route>();
  const roomFor = createRoomReader(settings, fleet);
  return (task) => {
    const { definition } = task.spec;
    if (!definition.needs) return { candidates: [], options: [], warnings: [] };
    const { type } = definition;
    const needs = definition.needs(task.spec);
    const { pinned, kind } = task;
    const { key: roomKey, prompt } = roomFor(task);
    const key = JSON.stringify([type, kind, needs, pinned, roomKey]);
    const found =
      known.get(key) ?? route({ type, kind, needs, pinned, preferences, default_model, prompt }, settings, fleet);
    known.set(key, found);
    return found;
  };
}

interface Room {
  /** Equal for prompts that fit into the same models. */
  key: string;
  prompt?: PromptRoom | undefined;
}

/** Looks whether there is a model a prompt may not fit into. Most prompts are short: they are not counted. */
function createRoomReader(settings: RouterSettings, fleet: Fleet): (task: TaskToRoute) => Room {
  const facts = factsOf(fleet);
  const count = createTokenCounter();
  const contextsOf = createContexts(facts);
  return ({ spec, options, onTruncate }) => {
    if (onTruncate === 'warn') return { key: '' };
    const numCtx = options['num_ctx'];
    const contexts = contextsOf(numCtx);
    const texts = knownTexts({ spec, system: settings.system });
    const size = texts.reduce((sum, text) => sum + text.length, 0);
    if (mostTokensPerUnit * size <= (contexts[0] ?? Infinity)) return { key: '' };
    const tokens = texts.reduce((sum, text) => sum + count(text), 0);
    const tooSmall = contexts.filter((length) => length < tokens).length;
    if (tooSmall === 0) return { key: '' };
    const contextOf: PromptRoom['contextOf'] = ({ model, host }) =>
      contextLength(facts.get(modelKey({ model, host: host.url })), numCtx);
    return { key: JSON.stringify([numCtx, tooSmall]), prompt: { tokens, contextOf } };
  };
}

/** A token has at least one byte, and a UTF-16 unit at most three. */
const mostTokensPerUnit = 3;

/** The different contexts models get with a `num_ctx`, the smallest first. */
function createContexts(facts: ReturnType<typeof factsOf>): (numCtx: unknown) => readonly number[] {
  const known = new Map<unknown, readonly number[]>();
  return (numCtx) => {
    const found = known.get(numCtx);
    if (found) return found;
    const lengths = [...facts.values()].flatMap((each) => contextLength(each, numCtx) ?? []);
    const sorted = [...new Set(lengths)].sort((a, b) => a - b);
    known.set(numCtx, sorted);
    return sorted;
  };
}
