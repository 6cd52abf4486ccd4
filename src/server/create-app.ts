// In: what a server works with. Out: a function from requests to answers, which needs no socket.
import { Hono, type Context } from 'hono';
import { surveyHosts } from '../app/survey-hosts.ts';
import type { Orchestrator } from '../app/create-orchestrator.ts';
import { hidePassword } from '../agents/hide-secrets.ts';
import { ProblemError, toProblem } from '../errors/problem.ts';
import type { RunEvent } from '../events/event.ts';
import type { Host } from '../host/host.ts';
import { neutralizeLine } from '../lib/neutralize.ts';
import type { RouteDefinition } from './define-route.ts';
import { createGate } from './gate.ts';
import { LiveRuns } from './live-runs.ts';
import { passedRoute, ServerMetrics } from './metrics.ts';
import { createPassThrough, type OnBytes, type PassThrough } from './pass-on.ts';
import { readBody } from './read-body.ts';
import { problemResponse } from './respond.ts';
import { resumeDetached, type Resumed } from './resume-detached.ts';
import { routes } from './routes/index.ts';
import { secured } from './secured.ts';
import type { ServerContext } from './server-context.ts';
import type { ServerSettings } from './server-settings.ts';
import { Upstream } from './upstream.ts';
import { withoutErrors } from './without-errors.ts';

export interface AppDeps {
  host: Host;
  orchestrator: Orchestrator;
  settings: ServerSettings;
}

/** A server without its socket. */
export interface App {
  /**
   * @param client tells those apart who wait for their turn
   * @param hangUp ends the connection when an answer breaks off: an adapter to sockets would tell the client in words
   */
  fetch: (request: Request, client?: string, hangUp?: () => void) => Promise<Response>;
  /** Told of what was answered without becoming a request, for its numbers. */
  noteRefused: (status: number) => void;
  /** Goes on with the runs that nobody waits for and an earlier server had not finished; tells of each. */
  resumeDetached: () => AsyncGenerator<Resumed>;
  /** Resolves when no run goes on any more. */
  untilIdle: () => Promise<void>;
  close: () => Promise<void>;
}

interface Env {
  Bindings: {
    client: string;
    hangUp: (() => void) | undefined;
    /** How the request is counted. */
    route: string;
  };
}

/** The whole server: guards, routes, and what is passed on. */
export function createApp({ host, orchestrator, settings }: AppDeps): App {
  const { runs: inside, slots, waiting, waitingPerClient: perClient } = settings.limits;
  const upstream = new Upstream({
    addresses: settings.upstream,
    limits: { inside: slots, waiting, perClient },
    survey: () => surveyHosts(settings.hosts, host),
    clock: host.clock,
    turns: orchestrator.turns,
  });
  const metrics = new ServerMetrics(() => ({ runs: runs.counts, passed: upstream.counts }));
  const onEvent = (event: RunEvent): void => metrics.noteEvent(event);
  const runs = new LiveRuns(orchestrator, { host, upstream, limits: { inside, waiting, perClient }, onEvent });
  const server: ServerContext = { host, orchestrator, settings, runs, metrics };
  const onBytes: OnBytes = (direction, bytes) => metrics.noteBytes(direction, bytes);
  const passThrough = createPassThrough(settings, upstream, onBytes);
  const hono = toHono(server, passThrough);
  const gate = createGate(settings, host.clock);
  const respond = async (request: Request, env: Env['Bindings']): Promise<Response> => {
    try {
      gate(request, env.client);
    } catch (error) {
      return problemResponse(toProblemError(error, host), { path: new URL(request.url).pathname });
    }
    return hono.fetch(request, env);
  };
  return {
    fetch: async (request, client = '', hangUp) => {
      const env = { client, hangUp, route: 'none' };
      const response = secured(await respond(request, env));
      metrics.noteRequest(request.method, env.route, response.status);
      return response;
    },
    noteRefused: (status) => metrics.noteRequest('other', 'none', status),
    resumeDetached: () => resumeDetached(server),
    untilIdle: () => runs.untilAllEnded(),
    close: () => passThrough.close(),
  };
}

function toHono(server: ServerContext, passThrough: PassThrough): Hono<Env> {
  const hono = new Hono<Env>();
  for (const route of routes) {
    hono.on(route.method, route.path, (context) => {
      context.env.route = route.path;
      return answer(route, context, server);
    });
  }
  for (const [path, methods] of methodsByPath()) hono.all(path, (context) => refuseMethod(context, methods));
  for (const path of ['/api/orchestration', '/api/orchestration/*']) hono.all(path, nothingThere);
  const passOn = ({ req, env }: Context<Env>): Promise<Response> => {
    env.route = passedRoute(req.path);
    return passThrough.fetch(req.raw, env);
  };
  for (const path of ['/', '/api/*', '/v1/*']) hono.all(path, passOn);
  hono.notFound(nothingThere);
  hono.onError((error, { req }) =>
    req.raw.signal.aborted ? clientHasGone() : problemResponse(toProblemError(error, server.host), { path: req.path }),
  );
  return hono;
}

async function answer(route: RouteDefinition, context: Context<Env>, server: ServerContext): Promise<Response> {
  const { raw: request } = context.req;
  const { bodyBytes } = server.settings.limits;
  const body = route.body && (await readBody(request, route.body, bodyBytes));
  const query = new URL(request.url).searchParams;
  const { client, hangUp } = context.env;
  const response = await route.handle({ request, params: context.req.param(), query, client, body, server });
  return hangUp && isEventStream(response) ? withoutErrors(response, hangUp) : response;
}

/** What is no document may break off. */
function isEventStream({ headers }: Response): boolean {
  return /^(?:application\/x-ndjson|text\/event-stream)/.test(headers.get('content-type') ?? '');
}

function methodsByPath(): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) methods.set(path, [...(methods.get(path) ?? []), method]);
  return methods;
}

function refuseMethod({ req }: Context<Env>, methods: readonly string[]): Response {
  const message = `${req.method} is not for ${req.path}, which takes ${methods.join(', ')}`;
  return problemResponse(new ProblemError({ code: 'method-refused', message }), {
    headers: { allow: methods.join(', ') },
  });
}

function nothingThere({ req }: Context<Env>): Response {
  const message = `there is nothing at ${req.path.slice(0, 200)}`;
  return problemResponse(new ProblemError({ code: 'path-unknown', message }));
}

/** Nobody reads it; proxies' logs know the number. */
function clientHasGone(): Response {
  return new Response(null, { status: 499 });
}

/** What was thrown and is no problem is a fault of ours; it is told to whoever runs the server. */
function toProblemError(error: unknown, { io }: Pick<Host, 'io'>): ProblemError {
  if (error instanceof ProblemError) return error;
  const problem = toProblem(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  io.stderr.write(`${neutralizeLine(hidePassword(`error: ${problem.message} ${stack}`))}\n`);
  return new ProblemError({ ...problem, message: 'this is a fault of ollama-orchestrate' });
}
