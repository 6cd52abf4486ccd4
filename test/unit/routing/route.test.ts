import { expect, test } from 'vitest';
import { boost, defineRule, type RouteQuestion } from '../../../src/routing/define-rule.ts';
import { route, type Route, type RouteChoice } from '../../../src/routing/route.ts';
import { downHost, fleetOf, hostOf } from './fleet.ts';

interface Case {
  ask?: Partial<RouteQuestion>;
  models?: string[];
  fallback?: boolean;
  fleet: Parameters<typeof fleetOf>;
}

function routeOf({ ask = {}, models = ['llama3.2', 'codellama', 'llama2'], fallback = true, fleet }: Case): Route {
  const question = { type: 'generate', kind: 'other', needs: ['completion'], preferences: {}, ...ask } as const;
  const choice: RouteChoice = { models, fallback, installHint: (model) => `ollama pull ${model}` };
  return route({ ...question, needs: [...question.needs] }, choice, fleetOf(...fleet));
}

const all = ['llama3.2', 'codellama', 'llama2'];
const embed = { type: 'embed', kind: 'embedding', needs: ['embedding'] } as const;
const see = { needs: ['completion', 'vision'] } as const;

test.each<[string, Case, string[], string[]]>([
  ["the agent's order holds where nothing speaks against it", { fleet: all }, all, ["first of the agent's models"]],
  [
    'default_model comes before the first model',
    { ask: { default_model: 'llama2' }, fleet: all },
    ['llama2', 'llama3.2', 'codellama'],
    ['default_model'],
  ],
  [
    'a model made for the kind comes before default_model',
    { ask: { kind: 'code', default_model: 'llama2' }, fleet: all },
    ['codellama', 'llama2', 'llama3.2'],
    ['made for code'],
  ],
  [
    'a preference comes before a model made for the kind',
    { ask: { kind: 'code', preferences: { code: 'llama2' }, default_model: 'llama3.2' }, fleet: all },
    ['llama2', 'codellama', 'llama3.2'],
    ['routing_preferences.code'],
  ],
  [
    'a preference may be for the type',
    { ask: { preferences: { generate: 'llama2' } }, fleet: all },
    ['llama2', 'llama3.2', 'codellama'],
    ['routing_preferences.generate'],
  ],
  [
    'a preference for the kind comes before one for the type, which comes second',
    { ask: { kind: 'math', preferences: { generate: 'codellama', math: 'llama2' } }, fleet: all },
    ['llama2', 'codellama', 'llama3.2'],
    ['routing_preferences.math'],
  ],
  [
    'a preference for another kind means nothing',
    { ask: { kind: 'chat', preferences: { math: 'llama2' } }, fleet: all },
    all,
    ["first of the agent's models"],
  ],
  [
    'a preferred model need not be one of the agent',
    {
      ask: { kind: 'math', preferences: { math: 'mathstral' } },
      models: ['llama3.2'],
      fleet: ['llama3.2', 'mathstral'],
    },
    ['mathstral', 'llama3.2'],
    ['routing_preferences.math', 'made for math'],
  ],
  [
    'default_model need not be one of the agent',
    { ask: { default_model: 'phi3' }, models: ['llama3.2'], fleet: ['llama3.2', 'phi3'] },
    ['phi3', 'llama3.2'],
    ['default_model'],
  ],
  [
    'the model named for the task is the only one',
    { ask: { kind: 'code', pinned: 'phi3', preferences: { code: 'codellama' } }, fleet: [...all, 'phi3'] },
    ['phi3'],
    ['named for this task'],
  ],
  [
    'spellings of one name are one model',
    { ask: { default_model: 'library/LLAMA2:latest' }, fleet: all },
    ['llama2', 'llama3.2', 'codellama'],
    ['default_model'],
  ],
  [
    'a model the agent names twice is one',
    { models: ['llama2', 'llama2:latest'], fleet: ['llama2'] },
    ['llama2'],
    ["first of the agent's models"],
  ],
  [
    'embedding goes to a model that can embed',
    { ask: embed, models: ['llama3.2', 'nomic'], fleet: ['llama3.2', 'nomic/embed'] },
    ['nomic'],
    ['can embed'],
  ],
  [
    'a preference for a model that cannot embed is not followed',
    {
      ask: { ...embed, preferences: { embedding: 'llama3.2' } },
      models: ['llama3.2', 'nomic'],
      fleet: ['llama3.2', 'nomic/embed'],
    },
    ['nomic'],
    ['can embed'],
  ],
  [
    'words go to no model that only embeds',
    { models: ['nomic', 'llama3.2'], fleet: ['nomic/embed', 'llama3.2'] },
    ['llama3.2'],
    ["first of the agent's models"],
  ],
  [
    'pictures go to a model that can see',
    { ask: see, models: ['llama3.2', 'llava'], fleet: ['llama3.2', 'llava/see'] },
    ['llava'],
    ['can see images'],
  ],
  [
    'thinking goes to a model that can think',
    { ask: { needs: ['completion', 'thinking'] }, models: ['llama3.2', 'qwen3'], fleet: ['llama3.2', 'qwen3/think'] },
    ['qwen3'],
    ['can think'],
  ],
  [
    'where the kind is preferred to a model that cannot see, the type is heard',
    {
      ask: { ...see, kind: 'code', preferences: { code: 'codellama', generate: 'llava' } },
      fleet: ['llama3.2/see', 'codellama', 'llava/see'],
    },
    ['llava', 'llama3.2'],
    ['can see images', 'routing_preferences.generate'],
  ],
  [
    'what a server does not tell counts as unknown, not as missing',
    { ask: see, models: ['llama3.2', 'llava'], fleet: ['llama3.2/unknown', 'llava/see'] },
    ['llava', 'llama3.2'],
    ['can see images'],
  ],
  [
    'a model that is known to embed comes before one that is not installed',
    { ask: embed, models: ['llama3.2', 'nomic'], fallback: false, fleet: ['nomic/embed'] },
    ['nomic'],
    ['can embed'],
  ],
  [
    'where nothing is told, embedding goes by the name first',
    { ask: embed, models: ['llama3.2', 'nomic-embed-text'], fleet: ['llama3.2/unknown', 'nomic-embed-text/unknown'] },
    ['nomic-embed-text', 'llama3.2'],
    ['an embedding model by its name'],
  ],
  [
    'where nothing is told, a preference comes before the name',
    {
      ask: { ...embed, preferences: { embed: 'llama3.2' } },
      models: ['llama3.2', 'all-minilm'],
      fleet: ['llama3.2/unknown', 'all-minilm/unknown'],
    },
    ['llama3.2', 'all-minilm'],
    ['routing_preferences.embed'],
  ],
  [
    'where nothing is told, words go last to a model named for embedding',
    { models: ['mxbai-embed-large', 'llama3.2'], fleet: ['mxbai-embed-large/unknown', 'llama3.2/unknown'] },
    ['llama3.2', 'mxbai-embed-large'],
    ["first of the agent's models"],
  ],
  [
    'a cloud model need not be installed',
    { models: ['gpt-oss:120b-cloud', 'qwen3:cloud'], fleet: ['llama3.2'] },
    ['gpt-oss:120b-cloud', 'qwen3:cloud'],
    ["first of the agent's models"],
  ],
])('%s', (_rule, given, models, reasons) => {
  const { candidates, problem } = routeOf(given);
  expect([candidates.map(({ model }) => model), candidates[0]?.reasons, problem]).toEqual([models, reasons, undefined]);
});

test('every server that has the model is offered, in the order of servers', () => {
  const fleet = [
    hostOf('http://a', 'llama2'),
    hostOf('http://b', 'llama3.2', 'llama2'),
    hostOf('http://c', 'llama3.2'),
  ];
  const { candidates, warnings } = routeOf({ models: ['llama3.2', 'llama2'], fleet });
  expect(candidates.map(({ model, host }) => `${model}@${host}`)).toEqual([
    'llama3.2@http://b',
    'llama3.2@http://c',
    'llama2@http://a',
    'llama2@http://b',
  ]);
  expect(warnings).toEqual([]);
});

test('a server that is down offers nothing, others do', () => {
  const fleet = [downHost('http://a'), hostOf('http://b', 'llama3.2')];
  const { candidates, warnings, missing } = routeOf({ models: ['llama3.2'], fleet });
  expect([candidates.map(({ host }) => host), warnings, missing]).toEqual([['http://b'], [], undefined]);
});

test('another model stands in for one that is not installed, and that is said', () => {
  expect(routeOf({ ask: { default_model: 'llama2' }, fleet: ['llama3.2', 'codellama'] })).toMatchObject({
    candidates: [{ model: 'llama3.2' }, { model: 'codellama' }],
    warnings: [
      { code: 'model-fallback', message: "model 'llama2' is not installed on http://a; llama3.2 takes its place" },
    ],
    missing: { model: 'llama2', host: 'http://a', reasons: ['default_model'] },
  });
});

test('another model stands in when the only server that may have the first is down, and that is said', () => {
  const fleet = [downHost('http://a'), hostOf('http://b', 'llama2')];
  expect(routeOf({ models: ['llama3.2', 'llama2'], fleet })).toMatchObject({
    candidates: [{ model: 'llama2', host: 'http://b' }],
    warnings: [{ code: 'model-fallback', message: 'no server answers at http://a; llama2 takes its place' }],
    missing: { model: 'llama3.2', host: 'http://b' },
  });
});

test('no model stands in that cannot do it', () => {
  const { problem } = routeOf({ ask: embed, models: ['nomic', 'llama3.2'], fleet: ['llama3.2'] });
  expect(problem).toEqual({
    code: 'model-missing',
    message: "model 'nomic' is not installed on http://a",
    hint: 'ollama pull nomic',
    host: 'http://a',
  });
});

const missingLlama2 = {
  code: 'model-missing',
  message: "model 'llama2' is not installed on http://a",
  hint: 'ollama pull llama2',
  host: 'http://a',
};

test.each<[string, Case]>([
  ['with fallback off', { ask: { default_model: 'llama2' }, fallback: false, fleet: ['llama3.2'] }],
  ['when the user named the model', { ask: { pinned: 'llama2' }, fleet: ['llama3.2'] }],
  ['when there is no other', { models: ['llama2'], fleet: ['llama3.2'] }],
])('a missing model is a problem %s', (_when, given) => {
  expect(routeOf(given)).toEqual({
    candidates: [],
    options: expect.any(Array) as unknown,
    warnings: [],
    missing: expect.objectContaining({ model: 'llama2', host: 'http://a' }) as unknown,
    problem: missingLlama2,
  });
});

test('with fallback off the preferred model is offered on every server that has it, and no other model', () => {
  const fleet = [hostOf('http://a', 'llama3.2', 'llama2'), hostOf('http://b', 'llama3.2')];
  const { candidates } = routeOf({ models: ['llama3.2', 'llama2'], fallback: false, fleet });
  expect(candidates.map(({ model, host }) => `${model}@${host}`)).toEqual(['llama3.2@http://a', 'llama3.2@http://b']);
});

test.each<[string, Case, string, string]>([
  [
    'no model of the agent can embed',
    { ask: embed, models: ['llama3.2', 'llama2'], fleet: ['llama3.2', 'llama2'] },
    'no model of the agent (llama3.2, llama2) can do what a task of type embed needs: embedding',
    'add an embedding model to the agent, for example nomic-embed-text',
  ],
  [
    'the model named for the task cannot see',
    { ask: { ...see, pinned: 'llama2' }, fleet: ['llama2', 'llava/see'] },
    "model 'llama2' cannot do what a task of type generate needs: completion, vision",
    'add a model that can see images to the agent, for example llava',
  ],
  [
    'no model of the agent can think',
    { ask: { needs: ['thinking'] }, models: ['llama2'], fleet: ['llama2'] },
    'no model of the agent (llama2) can do what a task of type generate needs: thinking',
    'add a model with that capability to the agent',
  ],
])('%s: a problem', (_what, given, message, hint) => {
  expect(routeOf(given).problem).toEqual({ code: 'model-incapable', message, hint });
});

test('no server that answers is a problem', () => {
  expect(routeOf({ fleet: [downHost('http://a'), downHost('http://b')] })).toMatchObject({
    candidates: [],
    missing: undefined,
    problem: { code: 'host-unreachable', message: 'no server answers at http://a' },
  });
});

test('rules of a user take the place of ours', () => {
  const shortest = defineRule({
    name: 'shortest',
    summary: 'The shorter the name, the better',
    apply: (option) => boost(option, -option.model.length, `${option.model.length} letters`),
  });
  const question = { type: 'generate', kind: 'other', needs: [], preferences: {} } as const;
  const choice = { models: ['longest', 'short', 'longer'], fallback: true, installHint: String };
  const { candidates } = route(question, choice, fleetOf('x'), [shortest]);
  expect(candidates.map(({ model, reasons }) => [model, ...reasons])).toEqual([
    ['short', '5 letters'],
    ['longer', '6 letters'],
    ['longest', '7 letters'],
  ]);
});
