import type { z } from 'zod';
import type { ProblemCode } from '../errors/catalogue.ts';
import type { ServerContext } from './server-context.ts';

/** One endpoint: what is asked, what may be answered, and who answers. Its documentation is made from this. */
export interface RouteDefinition {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `:name` stands for one piece of the path. */
  path: string;
  summary: string;
  body?: RouteBody | undefined;
  /** Its query parameters. */
  query?: z.ZodType | undefined;
  /** Request headers that mean something to it. */
  headers?: readonly RouteHeader[] | undefined;
  answers: Readonly<Record<number, RouteAnswer>>;
  /** Anybody may ask, with or without a token. */
  isOpen?: boolean | undefined;
  handle: (call: Call) => Promise<Response> | Response;
}

/** A route, and what programs call it. */
export type NamedRoute = RouteDefinition & { name: string };

export interface RouteBody {
  schema: z.ZodType;
  /** What documentation says of it, where the schema leaves the looking over to others. */
  documented?: z.ZodType | undefined;
  /** A body to begin with. */
  example?: unknown;
  /** Code of the problems found in it; default `body-invalid`. */
  code?: ProblemCode | undefined;
  /** No body is as good as `{}`. */
  isOptional?: boolean | undefined;
}

export interface RouteAnswer {
  description: string;
  /** Of its JSON: a published schema by its name, or one of the route's own. Absent: it has no JSON. */
  schema?: 'agent' | 'run-document' | z.ZodType | undefined;
  /** Whether it may also be the events of a run. */
  hasEvents?: boolean | undefined;
  /** What it is, where it is neither of these. */
  contentType?: string | undefined;
}

export interface RouteHeader {
  name: string;
  description: string;
}

/** One request to a route. */
export interface Call<Body = unknown> {
  request: Request;
  /** The pieces of the path, by name. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Tells those apart who wait for their turn. */
  client: string;
  /** As its schema reads it. */
  body: Body;
  server: ServerContext;
}

/** Describes a route; the type of its body is that of its schema. */
export function defineRoute<Schema extends z.ZodType = z.ZodUndefined>(
  route: Omit<RouteDefinition, 'body' | 'handle'> & {
    body?: RouteBody & { schema: Schema };
    handle: (call: Call<z.output<Schema>>) => Promise<Response> | Response;
  },
): RouteDefinition {
  return { ...route, handle: (call) => route.handle(call as Call<z.output<Schema>>) };
}
