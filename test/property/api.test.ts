import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { serverRig, withTester, type ServerRig } from '../server/server-rig.ts';
import { anyOfSchema, type JsonSchema } from './any-of-schema.ts';

// Requests of all kinds against the description of the API: whatever comes, the answer is one that is described.

interface Operation {
  operationId: string;
  parameters?: { name: string; in: 'path' | 'query' | 'header'; schema: JsonSchema }[];
  requestBody?: { content: { 'application/json': { schema: JsonSchema; example?: unknown } } };
  responses: Record<string, { $ref?: string; content?: Record<string, { schema: JsonSchema }> }>;
}

const text = readFileSync(new URL('../../schema/openapi.json', import.meta.url), 'utf8');
const document = JSON.parse(text) as {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, JsonSchema>; responses: Record<string, Operation['responses'][string]> };
};
const { schemas, responses: shared } = document.components;

const ajv = addFormats.default(new Ajv2020({ strict: false, validateFormats: true }));
ajv.addSchema({ $id: 'api', components: { schemas } });

const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
);

/** Things that are not what a field wants, more often than not. */
const junk = fc.oneof(
  fc.constantFrom(null, '', [], {}, -1, 1e308, true, '\0', '__proto__', '{{x}}', '${{ x }}', '@/etc/passwd', '\ud800'),
  fc.jsonValue({ maxDepth: 2 }),
);

/** What a schema allows, and often something near it that it does not. */
function nearly(schema: JsonSchema, example?: unknown): fc.Arbitrary<unknown> {
  const allowed = anyOfSchema(schema, schemas);
  const right = example === undefined ? allowed : fc.oneof(allowed, fc.constant(example));
  const wrong = fc.tuple(right, fc.nat(), junk).map(([value, place, other]) => replaceSomewhere(value, place, other));
  return fc.oneof({ weight: 3, arbitrary: right }, { weight: 3, arbitrary: wrong }, { weight: 1, arbitrary: junk });
}

function replaceSomewhere(value: unknown, place: number, other: unknown): unknown {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0) return other;
  const keys = Object.keys(value);
  const key = keys[place % keys.length] ?? '';
  const inner = (value as Record<string, unknown>)[key];
  const changed = place % 3 === 0 ? replaceSomewhere(inner, Math.floor(place / 3), other) : other;
  return Array.isArray(value)
    ? value.map((each: unknown, index) => (String(index) === key ? changed : each))
    : { ...value, [key]: changed };
}

const id = fc.oneof(fc.constantFrom('tester', 'last', 'TESTER'), fc.string({ minLength: 1, maxLength: 10 }));

interface Asked {
  path: string;
  headers: Record<string, string>;
  body: unknown;
}

function requestsFor({ path, parameters = [], requestBody }: (typeof operations)[number]): fc.Arbitrary<Asked> {
  const values = fc.tuple(
    ...parameters.map((each) => fc.tuple(fc.constant(each), each.in === 'path' ? id : nearly(each.schema))),
  );
  const { schema, example } = requestBody?.content['application/json'] ?? {};
  const body = schema ? nearly(schema, example).map(withTesterIn) : fc.constant(undefined);
  return fc.record({ values, body }).map(({ values, body }) => toAsked(path, values, body));
}

/** Most requests name an agent that is there: otherwise none would get further. */
function withTesterIn(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('agent_id' in body)) return body;
  const isKept = Object.keys(body).length % 4 === 0;
  return isKept ? body : { ...body, agent_id: 'tester' };
}

function toAsked(
  path: string,
  values: readonly (readonly [{ name: string; in: string }, unknown])[],
  body: unknown,
): Asked {
  const query = new URLSearchParams();
  const headers: Record<string, string> = {};
  let filled = path;
  for (const [{ name, in: place }, value] of values) {
    const written = typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value);
    if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(written));
    else if (place === 'query') query.set(name, written);
    else if (/^[\x21-\x7e]*$/.test(written)) headers[name] = written;
  }
  return { path: query.size > 0 ? `${filled}?${query.toString()}` : filled, headers, body };
}

/** What is wrong with an answer, by the description. */
async function faultOf({ responses }: Operation, response: Response): Promise<string | undefined> {
  const { status } = response;
  if (status >= 500) return `${status}: ${await response.text()}`;
  const described = responses[status] ?? responses[`${Math.floor(status / 100)}XX`];
  if (!described) return `status ${status} is not described`;
  const { content = {} } =
    described.$ref === undefined ? described : (shared[described.$ref.replace(/^.*\//, '')] ?? {});
  const [type = ''] = (response.headers.get('content-type') ?? '').split(';');
  const answered = await response.text();
  if (answered === '' && type === '') return Object.keys(content).length === 0 ? undefined : 'the answer is empty';
  const schema = content[type]?.schema;
  if (!schema) return `${type} is not described for ${status}`;
  const values = type === 'application/x-ndjson' ? answered.trimEnd().split('\n') : [answered];
  if (!type.includes('json')) return undefined;
  const isRight = ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"api#/')) as object);
  return values.some((value) => !isRight(JSON.parse(value))) ? ajv.errorsText(isRight.errors) : undefined;
}

async function send({ app }: ServerRig, method: string, { path, headers, body }: Asked): Promise<Response> {
  const init = { method, headers, body: body === undefined ? null : JSON.stringify(body) };
  return app.fetch(new Request(`http://127.0.0.1:11435${path}`, init));
}

test.each(operations)('$operationId answers whatever comes as it is described', async (operation) => {
  await using fake = await startFakeOllama({
    models: ['llama3.2', { name: 'all-minilm', capabilities: ['embedding'] }],
  });
  const rig = await withTester(serverRig({ fake }));
  await rig.ask('POST', '/api/orchestration/tasks', { agent_id: 'tester', tasks: [{ type: 'generate', input: 'x' }] });
  await fc.assert(
    fc.asyncProperty(requestsFor(operation), async (asked) => {
      const response = await send(rig, operation.method, asked);
      expect(await faultOf(operation, response)).toBeUndefined();
    }),
    { numRuns: 60 },
  );
  await rig.app.untilIdle();
});
