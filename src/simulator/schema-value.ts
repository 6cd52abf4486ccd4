// In: a JSON Schema. Out: a document that is valid by it, the same for the same dice.
import { textForPattern } from './pattern-text.ts';

type Schema = Record<string, unknown>;

interface Making {
  root: Schema;
  /** A number in [0, 1). */
  dice: () => number;
  /** How deep inside the document; below some depth only what must be there is made. */
  depth: number;
}

const shallow = 4;

/** Makes a document that a schema of the usual kinds allows. */
export function valueOf(schema: unknown, dice: () => number): unknown {
  return make(schema, { root: isSchema(schema) ? schema : {}, dice, depth: 0 });
}

function make(given: unknown, making: Making): unknown {
  if (!isSchema(given)) return null;
  const schema = resolve(given, making);
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return pick(schema['enum'], making);
  return makers[typeOf(schema)]?.(schema, making) ?? null;
}

const makers: Readonly<Record<string, (schema: Schema, making: Making) => unknown>> = {
  object: makeObject,
  array: makeArray,
  string: makeString,
  integer: (schema, making) => makeNumber(schema, making, 1),
  number: (schema, making) => makeNumber(schema, making, 0.01),
  boolean: (_, { dice }) => dice() < 0.5,
};

/** The schema with what it refers to, all that must hold and one of its alternatives in it. */
function resolve(schema: Schema, making: Making, hops = 0): Schema {
  const { $ref, allOf, anyOf, oneOf, ...rest } = schema;
  const parts = [...listOf(allOf)];
  if (typeof $ref === 'string' && hops < 32) parts.push(lookUp($ref, making.root));
  const alternatives = listOf(anyOf ?? oneOf);
  if (alternatives.length > 0) parts.push(chooseAlternative(alternatives, making));
  return parts.filter(isSchema).reduce((whole, part) => merge(whole, resolve(part, making, hops + 1)), rest);
}

/** Deep inside, one that leads no deeper. */
function chooseAlternative(alternatives: readonly unknown[], making: Making): unknown {
  const ends = (part: unknown): boolean => isSchema(part) && !('$ref' in part) && !('properties' in part);
  const found = making.depth >= shallow ? alternatives.find(ends) : undefined;
  return found ?? alternatives[0];
}

function merge(a: Schema, b: Schema): Schema {
  const properties = { ...(a['properties'] as Schema | undefined), ...(b['properties'] as Schema | undefined) };
  const required = [...listOf(a['required']), ...listOf(b['required'])];
  return {
    ...a,
    ...b,
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

function lookUp(ref: string, root: Schema): unknown {
  if (!ref.startsWith('#')) return undefined;
  const names = ref.slice(1).split('/').slice(1);
  return names
    .map((name) => decodeURIComponent(name).replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce<unknown>((inner, name) => (isSchema(inner) ? inner[name] : undefined), root);
}

function typeOf(schema: Schema): string {
  const { type } = schema;
  if (typeof type === 'string') return type;
  if (Array.isArray(type)) return String(type[0]);
  if ('properties' in schema || 'required' in schema || 'additionalProperties' in schema) return 'object';
  if ('items' in schema || 'prefixItems' in schema) return 'array';
  if ('minimum' in schema || 'maximum' in schema) return 'number';
  return 'string';
}

function makeObject(schema: Schema, making: Making): Schema {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {};
  const required = listOf(schema['required']).map(String);
  const wanted = making.depth < shallow ? [...Object.keys(properties), ...required] : required;
  const inner = { ...making, depth: making.depth + 1 };
  const most = numberOf(schema['maxProperties'], Infinity);
  const names = [...new Set([...required, ...wanted])].slice(0, Math.max(most, required.length));
  const others = isSchema(schema['additionalProperties']) ? schema['additionalProperties'] : { type: 'string' };
  for (let extra = 1; names.length < numberOf(schema['minProperties'], 0); extra++) names.push(`key${extra}`);
  // In the order of the schema, as a model would write them.
  const order = Object.keys(properties);
  names.sort((a, b) => placeIn(order, a) - placeIn(order, b));
  return Object.fromEntries(names.map((name) => [name, make(properties[name] ?? others, inner)]));
}

const placeIn = (names: readonly string[], name: string): number =>
  names.includes(name) ? names.indexOf(name) : names.length;

function makeArray(schema: Schema, making: Making): unknown[] {
  const first = listOf(schema['prefixItems']);
  const least = numberOf(schema['minItems'], making.depth < shallow ? 1 : 0);
  const count = Math.min(Math.max(least, first.length), numberOf(schema['maxItems'], Infinity));
  const inner = { ...making, depth: making.depth + 1 };
  const made: unknown[] = [];
  for (let at = 0; at < count; at++) {
    const item = first[at] ?? (isSchema(schema['items']) ? schema['items'] : { type: 'string' });
    made.push(schema['uniqueItems'] === true ? makeOther(item, inner, made) : make(item, inner));
  }
  return made;
}

/** An item unlike those that are there, if a few throws of the dice find one. */
function makeOther(item: unknown, making: Making, others: readonly unknown[]): unknown {
  const known = new Set(others.map((other) => JSON.stringify(other)));
  let value = make(item, making);
  for (let attempt = 0; attempt < 50 && known.has(JSON.stringify(value)); attempt++) value = make(item, making);
  return value;
}

function makeNumber(schema: Schema, { dice }: Making, grain: number): number {
  const step = numberOf(schema['multipleOf'], grain);
  const exclusiveMinimum = numberOf(schema['exclusiveMinimum'], -Infinity);
  const exclusiveMaximum = numberOf(schema['exclusiveMaximum'], Infinity);
  const maximum = Math.min(numberOf(schema['maximum'], Infinity), exclusiveMaximum);
  const minimum = Math.max(numberOf(schema['minimum'], Math.min(0, maximum - 100 * step)), exclusiveMinimum);
  let first = Math.ceil(minimum / step);
  if (first * step <= exclusiveMinimum) first += 1;
  let last = Math.floor(Math.min(maximum, minimum + 100 * step) / step);
  if (last * step >= exclusiveMaximum) last -= 1;
  const value = (first + Math.floor(dice() * Math.max(1, last - first + 1))) * step;
  return Number(value.toPrecision(12));
}

const formats: Readonly<Record<string, string>> = {
  'date-time': '2026-01-01T12:00:00Z',
  date: '2026-01-01',
  time: '12:00:00Z',
  duration: 'PT1H',
  email: 'simulated@example.com',
  hostname: 'simulated.example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/simulated',
  uuid: '01890a5d-ac96-774b-bcce-b302099a8057',
};

const words = ['simulated', 'made-up', 'invented', 'imagined', 'rehearsed', 'pretended'];

function makeString(schema: Schema, making: Making): string {
  const { format, pattern } = schema;
  if (typeof format === 'string' && Object.hasOwn(formats, format)) return formats[format] ?? '';
  if (typeof pattern === 'string') return textForPattern(pattern, making.dice);
  const number = schema['minLength'] === undefined ? '' : ` ${Math.floor(making.dice() * 1000)}`;
  const text = `${String(pick(words, making))}${number}`;
  const least = numberOf(schema['minLength'], 0);
  return text.padEnd(least, '.').slice(0, numberOf(schema['maxLength'], Math.max(text.length, least)));
}

function pick(values: readonly unknown[], { dice }: Making): unknown {
  return values[Math.floor(dice() * values.length)];
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);
const numberOf = (value: unknown, otherwise: number): number => (typeof value === 'number' ? value : otherwise);
const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
