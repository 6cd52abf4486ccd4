import { expect, test } from 'vitest';
import { createSchemaChecks } from '../../../src/engine/schema-checks.ts';

test('a form with a schema has a check, made once however many answers there are', async () => {
  const checkOf = createSchemaChecks();
  const form = { kind: 'json', isFormat: true, schema: { type: 'integer' } } as const;
  const check = await checkOf(form);
  expect([check?.(1), check?.('x')]).toEqual([undefined, 'the document must be integer']);
  expect(await checkOf({ ...form, schema: { ...form.schema } })).toBe(check);
});

test.each([undefined, { kind: 'json', isFormat: true }, { kind: 'code' }] as const)(
  'the form %j has none',
  async (form) => {
    expect(await createSchemaChecks()(form)).toBeUndefined();
  },
);
