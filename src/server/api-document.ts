// In: the routes. Out: a description of them that programs can read, OpenAPI 3.1. Pure.
import { agentSchema } from '../agents/schema.ts';
import { ApiSchemas, refTo, type Json } from './api-schemas.ts';
import type { NamedRoute, RouteAnswer, RouteBody, RouteDefinition } from './define-route.ts';
import { problemAnswer } from './problem-schema.ts';

export interface ApiDocumentOptions {
  version: string;
  /** JSON Schemas made from types: of a run document and of events. */
  published: readonly Json[];
}

/** Pieces of paths, and what they stand for. */
const parameters: Readonly<Record<string, string>> = {
  agents: 'its name, its id, or the unique beginning of its id',
  runs: 'its id, 4 or more characters from the beginning or end of it, or `last`',
};

/** Describes the routes. */
export function toApiDocument(routes: readonly NamedRoute[], { version, published }: ApiDocumentOptions): Json {
  const schemas = new ApiSchemas(published);
  const paths: Record<string, Record<string, Json>> = {};
  for (const route of routes) {
    const path = (paths[route.path.replaceAll(/:(\w+)/g, '{$1}')] ??= {});
    path[route.method.toLowerCase()] = toOperation(route, schemas);
  }
  const refusal = { description: 'See `problem.code`', content: jsonContent(schemas.toJson(problemAnswer, 'output')) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'ollama-orchestrate',
      version,
      license: { name: 'MIT', identifier: 'MIT' },
      description:
        'Agents, tasks and workflows on Ollama models. All other paths under `/api` and `/v1` are passed on to Ollama itself.',
    },
    servers: [{ url: '/' }],
    security: [{}, { bearer: [] }, { header: [] }],
    tags: [...new Set(routes.map(tagOf))].map((name) => ({ name })),
    paths,
    components: {
      schemas: schemas.named,
      responses: { Refusal: refusal },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer', description: 'where the server has a token' },
        header: {
          type: 'apiKey',
          in: 'header',
          name: 'X-Ollama-Orchestrate-Token',
          description: 'the same, for clients that need `Authorization` for Ollama itself',
        },
      },
    },
  };
}

function toOperation(route: NamedRoute, schemas: ApiSchemas): Json {
  const { name, summary, body, answers, isOpen } = route;
  const asked = [...pathParameters(route), ...queryParameters(route, schemas), ...(route.headers ?? []).map(toHeader)];
  const refused = { $ref: '#/components/responses/Refusal' };
  return {
    operationId: name,
    tags: [tagOf(route)],
    summary,
    ...(isOpen === true && { security: [] }),
    ...(asked.length > 0 && { parameters: asked }),
    ...(body && { requestBody: toRequestBody(body, schemas) }),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([status, each]) => [status, toResponse(each, schemas)])),
      ...{ '4XX': refused, '5XX': refused },
    },
  };
}

/** What is listed together: `/api/orchestration/agents/:id` is about agents. */
function tagOf({ path }: Pick<RouteDefinition, 'path'>): string {
  const [, topic = ''] = /^\/api\/orchestration\/(\w+)/.exec(path) ?? [];
  return topics[topic] ?? 'server';
}

const topics: Readonly<Record<string, string>> = {
  ...{ agents: 'agents', tasks: 'work', workflows: 'work', plan: 'work', explain: 'work' },
  ...{ runs: 'runs', models: 'models', hosts: 'models' },
};

function pathParameters({ path }: RouteDefinition): Json[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name]) => {
    const description = parameters[tagOf({ path })];
    return { name, in: 'path', required: true, description, schema: { type: 'string', minLength: 1 } };
  });
}

function queryParameters({ query }: RouteDefinition, schemas: ApiSchemas): Json[] {
  if (!query) return [];
  const { properties = {} } = schemas.toJson(query, 'input') as { properties?: Record<string, Json> };
  return Object.entries(properties).map(([name, { description, ...schema }]) => {
    return { name, in: 'query', ...(description !== undefined && { description }), schema };
  });
}

function toHeader({ name, description }: { name: string; description: string }): Json {
  return { name, in: 'header', description, schema: { type: 'string' } };
}

function toRequestBody(body: RouteBody, schemas: ApiSchemas): Json {
  const { schema, documented = schema, example, isOptional = false } = body;
  const shown = { schema: schemas.toJson(documented, 'input'), ...(example !== undefined && { example }) };
  return { required: !isOptional, content: { 'application/json': shown } };
}

function toResponse({ description, schema, hasEvents, contentType }: RouteAnswer, schemas: ApiSchemas): Json {
  const events = { 'application/x-ndjson': { schema: refTo('RunEvent') }, 'text/event-stream': eventStream };
  const content = {
    ...(schema && jsonContent(schemaOf(schema, schemas))),
    ...(contentType !== undefined && { [contentType]: { schema: { type: 'string' } } }),
    ...(hasEvents === true && events),
  };
  return { description, ...(Object.keys(content).length > 0 && { content }) };
}

const eventStream: Json = {
  schema: { type: 'string', description: 'server-sent events: `id` is the `seq` of durable ones, `data` the event' },
};

function schemaOf(schema: NonNullable<RouteAnswer['schema']>, schemas: ApiSchemas): Json {
  if (schema === 'run-document') return refTo('RunDocument');
  return schemas.toJson(schema === 'agent' ? agentSchema : schema, 'output');
}

function jsonContent(schema: Json): Json {
  return { 'application/json': { schema } };
}
