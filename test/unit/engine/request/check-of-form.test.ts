import { expect, test } from 'vitest';
import { checkOfForm } from '../../../../src/engine/request/check-of-form.ts';
import { createSchemaLoader } from '../../../../src/spec/schema-loader.ts';

test('a form with a schema has a check, made once however many answers there are', async () => {
  const loadSchemas = createSchemaLoader();
  const form = { kind: 'json', isFormat: true, schema: { type: 'integer' } } as const;
  const check = await checkOfForm(form, loadSchemas);
  expect([check?.(1), check?.('x')]).toEqual([undefined, 'the document must be integer']);
  expect(await checkOfForm({ ...form, schema: { ...form.schema } }, loadSchemas)).toBe(check);
});

test.each([undefined, { kind: 'json', isFormat: true }, { kind: 'code' }] as const)(
  'the form %j has none, and nothing is loaded for it',
  async (form) => {
    expect(await checkOfForm(form, () => Promise.reject(new Error('loaded')))).toBeUndefined();
  },
);
