import { expect, test } from 'vitest';
import { createSchemaCompiler } from '../../../src/spec/compile-schema.ts';

const faults = (schema: Record<string, unknown>, value: unknown): string | undefined => {
  const compiled = createSchemaCompiler()(schema);
  if ('reason' in compiled) throw new Error(compiled.reason);
  return compiled.check(value);
};

const person = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' }, mood: { enum: ['good', 'bad'] } },
  required: ['name'],
  additionalProperties: false,
};

test('a value that fits its schema has no faults', () => {
  expect(faults(person, { name: 'Ada', age: 36 })).toBeUndefined();
});

test.each([
  [{ name: 'Ada', age: 'old' }, '/age must be integer'],
  [{ age: 36 }, "the document must have required property 'name'"],
  [{ name: 'Ada', x: 1 }, "the document must NOT have additional properties: 'x'"],
  [{ name: 'Ada', mood: 'so' }, '/mood must be equal to one of the allowed values: ["good","bad"]'],
  [{ age: 'old' }, "the document must have required property 'name'; /age must be integer"],
])('%j: %s', (value, expected) => {
  expect(faults(person, value)).toBe(expected);
});

test.each([
  ['2020-12', { $schema: 'https://json-schema.org/draft/2020-12/schema', prefixItems: [{ type: 'string' }] }],
  ['draft-07', { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'string' }] }],
  ['no draft, with words of the newer one', { prefixItems: [{ type: 'string' }] }],
  ['no draft, with words of the older one', { items: [{ type: 'string' }] }],
])('a schema of %s is understood', (_draft, schema) => {
  expect(faults(schema, ['a'])).toBeUndefined();
  expect(faults(schema, [1])).toBe('/0 must be string');
});

test('known formats are looked at, unknown formats and words say nothing', () => {
  expect(faults({ type: 'string', format: 'date' }, 'today')).toBe('the document must match format "date"');
  expect(faults({ type: 'string', format: 'moon-phase', colour: 'red' }, 'full')).toBeUndefined();
});

test('any number of schemas is understood', () => {
  const compile = createSchemaCompiler();
  const all = Array.from({ length: 1_100 }, (_, at) => compile({ const: at }));
  expect(all.map((each) => ('check' in each ? each.check(1_050) : each)).indexOf(undefined)).toBe(1_050);
  expect(compile({ const: 1 })).toHaveProperty('check');
});

test('two schemas may have one $id', () => {
  const compile = createSchemaCompiler();
  expect(compile({ $id: 'x', type: 'string' })).toHaveProperty('check');
  expect(compile({ $id: 'x', type: 'number' })).toHaveProperty('check');
});

test.each([{ type: 'strin' }, { $ref: '#/nowhere' }, { required: 'name' }, { pattern: '(', type: 'string' }])(
  '%j is no schema, and says why',
  (schema) => {
    expect(createSchemaCompiler()(schema)).toEqual({ reason: expect.any(String) as string });
  },
);
