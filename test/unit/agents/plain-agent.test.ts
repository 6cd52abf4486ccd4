import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isPlainAgent, isPlainInput } from '../../../src/agents/plain-agent.ts';
import { agentInputSchema, agentSchema } from '../../../src/agents/schema.ts';

const agent = {
  ...{ id: '01', name: 'reviewer', description: '', models: ['llama3.2'], config: {} },
  ...{ created_at: '2026-01-31T12:00:00.000Z', updated_at: '2026-01-31T12:00:00.000Z' },
};

/** Values that look right, nearly right and wrong. */
const value = fc.oneof(
  fc.constantFrom<unknown>(
    'a',
    '',
    'a b',
    'llama3.2',
    ['a'],
    [],
    [''],
    {},
    { retries: 1 },
    null,
    1,
    '2026-02-30T00:00:00.000Z',
  ),
  fc.string(),
  fc.jsonValue(),
);

it('knows a plain agent', () => {
  expect(isPlainAgent(agent)).toBe(true);
});

it('knows a plain input', () => {
  expect(isPlainInput({ name: 'x', models: ['a'], description: 'd' })).toBe(true);
});

it.each([{ system: 's' }, { config: { retries: 1 } }, { extra: 1 }, { models: [] }, { created_at: '2026-01-31' }])(
  'leaves an agent with %j to the schema',
  (change) => {
    expect(isPlainAgent({ ...agent, ...change })).toBe(false);
  },
);

it('passes no stored agent that the schema would refuse or change', () => {
  const changed = fc.dictionary(fc.constantFrom(...Object.keys(agent), 'extra', '__proto__'), value, { maxKeys: 2 });
  fc.assert(
    fc.property(changed, (change) => {
      const data = { ...agent, ...change };
      if (isPlainAgent(data)) expect(agentSchema.parse(data)).toEqual(data);
    }),
  );
});

it('passes no input that the schema would refuse', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('name', 'models', 'description', 'config'), value), (data) => {
      if (isPlainInput(data)) expect(agentInputSchema.parse(data)).toEqual({ description: '', config: {}, ...data });
    }),
  );
});
