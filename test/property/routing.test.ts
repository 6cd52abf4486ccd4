import fc from 'fast-check';
import { expect, test } from 'vitest';
import { kinds } from '../../src/lib/kinds.ts';
import type { Fleet } from '../../src/ollama/fleet.ts';
import type { Capability } from '../../src/ollama/wire.ts';
import type { RouteQuestion } from '../../src/routing/define-rule.ts';
import { route, type Route } from '../../src/routing/route.ts';

const names = ['llama3.2', 'codellama', 'nomic-embed-text', 'llava', 'mathstral', 'qwen3'];
const abilities: Capability[] = ['completion', 'embedding', 'vision', 'tools', 'thinking'];
const contexts = new Map(names.map((name, index) => [name, 1000 * (index + 1)]));

const model = fc.record({
  name: fc.constantFrom(...names).map((name) => `${name}:latest`),
  digest: fc.constant('d'),
  size_bytes: fc.constant(1),
  capabilities: fc.option(fc.subarray(abilities), { nil: undefined }),
  loaded: fc.option(fc.constant({}), { nil: undefined }),
  measured: fc.option(
    fc.record({
      tasks: fc.nat(20),
      completed: fc.nat(20),
      tokens_per_second: fc.double({ min: 0, max: 500, noNaN: true }),
    }),
    { nil: undefined },
  ),
});

const fleets: fc.Arbitrary<Fleet> = fc
  .uniqueArray(
    fc.record({
      url: fc.constantFrom('http://a', 'http://b', 'http://c'),
      problem: fc.option(fc.constant({ code: 'host-unreachable' as const, message: 'down' }), {
        nil: undefined,
        freq: 5,
      }),
      models: fc.uniqueArray(model, { selector: ({ name }) => name }),
    }),
    { selector: ({ url }) => url, minLength: 1 },
  )
  .map((hosts) => ({ hosts }));

const name = fc.option(fc.constantFrom(...names), { nil: undefined });
const questions: fc.Arbitrary<RouteQuestion> = fc
  .record({
    kind: fc.constantFrom(...kinds),
    needs: fc.subarray(abilities, { minLength: 1 }),
    pinned: name,
    preferred: name,
    default_model: name,
    tokens: fc.option(fc.nat(8000), { nil: undefined }),
  })
  .map(({ kind, preferred, tokens, ...rest }) => ({
    ...rest,
    type: 'generate',
    kind,
    preferences: preferred === undefined ? {} : { [kind]: preferred },
    prompt: tokens === undefined ? undefined : { tokens, contextOf: (option) => contexts.get(option.model) },
  }));
const choices = fc.record({
  models: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1 }),
  fallback: fc.boolean(),
});

const routed = (question: RouteQuestion, choice: { models: string[]; fallback: boolean }, fleet: Fleet): Route =>
  route(question, { ...choice, installHint: String }, fleet);

const installedIn = (fleet: Fleet, host: string, wanted: string) =>
  fleet.hosts.find(({ url }) => url === host)?.models.find(({ name: each }) => each === `${wanted}:latest`);

test('hard rules never bend', () => {
  fc.assert(
    fc.property(questions, choices, fleets, (question, choice, fleet) => {
      const { candidates } = routed(question, choice, fleet);
      for (const { model: offered, host } of candidates) {
        const installed = installedIn(fleet, host, offered);
        expect(fleet.hosts.find(({ url }) => url === host)?.problem).toBeUndefined();
        expect(installed).toBeDefined();
        expect(question.needs.filter((need) => installed?.capabilities?.includes(need) === false)).toEqual([]);
        if (question.pinned !== undefined) expect(offered).toBe(question.pinned);
      }
    }),
  );
});

test('a prompt goes to a model it does not fit into only where it fits into none', () => {
  fc.assert(
    fc.property(questions, choices, fleets, (question, choice, fleet) => {
      const { candidates } = routed(question, choice, fleet);
      const fits = candidates.map(
        ({ model: offered }) => (question.prompt?.tokens ?? 0) <= (contexts.get(offered) ?? 0),
      );
      expect(new Set(fits).size).toBeLessThanOrEqual(1);
    }),
  );
});

test('scores decide, each option is there once, and asking again changes nothing', () => {
  fc.assert(
    fc.property(questions, choices, fleets, (question, choice, fleet) => {
      const { options, candidates } = routed(question, choice, fleet);
      const scores = options.map(({ score }) => score);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      const places = options.map((option) => `${option.model} ${option.host.url}`);
      expect(new Set(places).size).toBe(places.length);
      expect(routed(question, choice, fleet).candidates).toEqual(candidates);
    }),
  );
});

test('what users prefer beats speed and what is loaded', () => {
  fc.assert(
    fc.property(questions, choices, fleets, (question, choice, fleet) => {
      const preferred = question.preferences[question.kind];
      const { candidates } = routed(question, choice, fleet);
      if (preferred === undefined || !candidates.some(({ model: each }) => each === preferred)) return;
      expect(candidates[0]?.model).toBe(preferred);
    }),
  );
});
