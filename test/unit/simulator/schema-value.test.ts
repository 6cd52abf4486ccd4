import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { createSeededRandom } from '../../../src/lib/seeded-random.ts';
import { valueOf } from '../../../src/simulator/schema-value.ts';

const tree = {
  $defs: {
    node: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        children: { type: 'array', items: { $ref: '#/$defs/node' } },
        parent: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
      },
      required: ['name', 'children', 'parent'],
      additionalProperties: false,
    },
  },
  $ref: '#/$defs/node',
};

const schemas: [string, object][] = [
  ['properties in their order', { type: 'object', properties: { b: { type: 'integer' }, a: { type: 'boolean' } } }],
  ['what must be there, though nothing is said of it', { type: 'object', required: ['x'] }],
  ['a choice', { enum: ['red', 'green', 3, null] }],
  ['a constant', { type: 'object', properties: { v: { const: { deep: [1] } } }, required: ['v'] }],
  ['limits of numbers', { type: 'array', items: { type: 'integer', minimum: 5, exclusiveMaximum: 7 }, minItems: 9 }],
  ['a number below zero', { type: 'number', maximum: -3.5 }],
  ['multiples', { type: 'number', multipleOf: 0.25, exclusiveMinimum: 1, maximum: 1.5 }],
  ['a long text', { type: 'string', minLength: 80, maxLength: 90 }],
  ['a short text', { type: 'string', maxLength: 3 }],
  ['an empty list', { type: 'array', maxItems: 0 }],
  ['a list of its own kinds', { type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }], minItems: 4 }],
  ['no two alike', { type: 'array', items: { type: 'integer' }, minItems: 10, uniqueItems: true }],
  ['a map', { type: 'object', additionalProperties: { type: 'integer' }, minProperties: 3 }],
  [
    'alternatives',
    { oneOf: [{ type: 'object', properties: { a: { type: 'null' } }, required: ['a'] }, { type: 'array' }] },
  ],
  ['all at once', { allOf: [{ properties: { a: { type: 'integer' } } }, { required: ['a', 'b'] }], type: 'object' }],
  ['several types', { type: ['null', 'string'] }],
  ['something within itself', tree],
  ...['date-time', 'date', 'time', 'email', 'uri', 'uuid', 'ipv4', 'ipv6', 'hostname', 'duration'].map(
    (format): [string, object] => [`format ${format}`, { type: 'string', format }],
  ),
  ...[
    '^[A-Z]{2}-\\d{4}$',
    '^(yes|no)$',
    '^\\w+@\\w+\\.com$',
    '^#[0-9a-f]{6}$',
    '^v?\\d+(\\.\\d+)*$',
    '^[^0-9]+$',
    'a.c',
  ].map((pattern): [string, object] => [`pattern ${pattern}`, { type: 'string', pattern }]),
];

describe('a document made for a schema', () => {
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);

  it.each(schemas)('is valid: %s', (_, schema) => {
    const isValid = ajv.compile(schema);
    for (let seed = 0; seed < 50; seed++) {
      const value = valueOf(schema, createSeededRandom(seed));
      expect(isValid(value), JSON.stringify(value)).toBe(true);
    }
  });

  it('is the same for the same dice', () => {
    const schema = { type: 'array', items: { type: 'integer' }, minItems: 20 };
    expect(valueOf(schema, createSeededRandom(1))).toEqual(valueOf(schema, createSeededRandom(1)));
    expect(valueOf(schema, createSeededRandom(1))).not.toEqual(valueOf(schema, createSeededRandom(2)));
  });

  it('has every property that is named, as long as it is not deep inside', () => {
    const schema = { type: 'object', properties: { b: { type: 'string' }, a: { type: 'string' } } };
    expect(Object.keys(valueOf(schema, () => 0) as object)).toEqual(['b', 'a']);
  });
});
