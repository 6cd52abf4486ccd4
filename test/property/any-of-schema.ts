import fc from 'fast-check';

/** The part of JSON Schema that the description of our API makes use of. */
export interface JsonSchema {
  $ref?: string;
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  minItems?: number;
  minLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
}

type Named = Readonly<Record<string, JsonSchema>>;

/** Values that a schema allows, small ones. */
export function anyOfSchema(schema: JsonSchema, named: Named, depth = 7): fc.Arbitrary<unknown> {
  const inner = (each: JsonSchema): fc.Arbitrary<unknown> => anyOfSchema(each, named, depth - 1);
  if (schema.$ref !== undefined) return inner(named[schema.$ref.replace(/^.*\//, '')] ?? {});
  if (depth <= 0) return fc.constantFrom('x', 1, true);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) return fc.oneof(...choices.map(inner));
  const types = [schema.type ?? ['string', 'number', 'boolean']].flat();
  return fc.oneof(...types.map((type) => anyOfType(type, schema, inner)));
}

function anyOfType(
  type: string,
  schema: JsonSchema,
  inner: (schema: JsonSchema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const { pattern, minLength = 0, items = {}, minItems = 0, minimum = 0, maximum = minimum + 1000 } = schema;
  if (type === 'string') {
    if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern, 'u'));
    return fc.string({ minLength, maxLength: 20 });
  }
  if (type === 'integer') return fc.integer({ min: minimum, max: Math.max(minimum, maximum) });
  if (type === 'number') return fc.double({ min: minimum, max: maximum, noNaN: true });
  if (type === 'boolean') return fc.boolean();
  if (type === 'array') return fc.array(inner(items), { minLength: minItems, maxLength: 3 });
  return type === 'object' ? anyOfObject(schema, inner) : fc.constant(null);
}

function anyOfObject(
  { properties = {}, required = [] }: JsonSchema,
  inner: (schema: JsonSchema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<unknown> {
  const fields = Object.entries(properties).map(([key, each]) => {
    const present = inner(each).map((value) => [[key, value]]);
    const absent = fc.constant<[string, unknown][]>([]);
    // Few at a time: a rule that no schema tells of is easily broken by one of many.
    return required.includes(key)
      ? present
      : fc.oneof({ weight: 5, arbitrary: absent }, { weight: 1, arbitrary: present });
  });
  return fc.tuple(...fields).map((entries) => Object.fromEntries(entries.flat()) as object);
}
