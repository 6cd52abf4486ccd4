import { z } from 'zod';
import { ProblemError } from '../../errors/problem.ts';
import type { RunStatus } from '../../events/run-document.ts';
import type { RunFilter } from '../../journal/run-store.ts';
import { answerRun, runsPath } from '../answer-run.ts';
import { defineRoute, type Call } from '../define-route.ts';
import { eventResponse, formatOf, ndjson } from '../event-stream.ts';
import { checkBody } from '../read-body.ts';
import { json } from '../respond.ts';
import { furtherBody } from '../run-body.ts';
import { runAnswers } from './tasks.ts';

const statuses = ['running', 'completed', 'failed', 'cancelled', 'interrupted'] as const satisfies RunStatus[];
const statusRule = `must be one of ${statuses.join(', ')}`;
const limitRule = 'must be a whole number from 1 to 1000';

const runsQuery = z.strictObject(
  {
    agent: z.string().optional().describe('runs of this agent, by name or id'),
    status: z.enum(statuses, statusRule).optional().describe('runs with this status'),
    since: z.iso
      .datetime({ offset: true, error: 'must be a time such as 2026-01-31T12:00:00Z' })
      .optional()
      .describe('runs that began at this time or later'),
    limit: z.coerce
      .number(limitRule)
      .int(limitRule)
      .min(1, limitRule)
      .max(1000, limitRule)
      .default(100)
      .describe('at most so many'),
  },
  'must be an object',
);

const summary = z.looseObject({ id: z.string(), status: z.enum(statuses), agent: z.string() });

/** `GET /api/orchestration/runs`. */
export const listRuns = defineRoute({
  method: 'GET',
  path: runsPath,
  summary: 'The runs that were kept, newest first',
  query: runsQuery,
  answers: { 200: { description: 'The runs, without their tasks', schema: z.object({ runs: z.array(summary) }) } },
  handle: async ({ query, server }) => {
    const { agent, status, since, limit } = checkBody(Object.fromEntries(query), runsQuery, 'usage-invalid');
    const filter: RunFilter = { agent, status, limit, sinceMs: since === undefined ? undefined : Date.parse(since) };
    return json({ runs: await server.orchestrator.runs.list(filter) });
  },
});

/** `GET /api/orchestration/runs/:id`. */
export const showRun = defineRoute({
  method: 'GET',
  path: `${runsPath}/:id`,
  summary: 'A run, by its id, 4 or more characters from the beginning or end of it, or `last`',
  answers: { 200: { description: 'The run as it stands', schema: 'run-document' } },
  handle: async ({ params: { id = '' }, server }) => json(await server.orchestrator.runs.get(id)),
});

/** `GET /api/orchestration/runs/:id/events`. */
export const showEvents = defineRoute({
  method: 'GET',
  path: `${runsPath}/:id/events`,
  summary:
    'The events of a run, until it ends; with `Last-Event-ID` those that were missed, each text so far, and what follows',
  query: z.object({ after: z.coerce.number().int().optional().describe('the same as `Last-Event-ID`') }),
  headers: [{ name: 'Last-Event-ID', description: 'the `seq` of the last event that was received' }],
  answers: {
    200: { description: 'A JSON object per line, or server-sent events where those are accepted', hasEvents: true },
    204: { description: 'The run has ended, and all of its events were sent before' },
  },
  handle: async (call) => {
    const { request, server } = call;
    const id = await idOf(call);
    const after = afterOf(call);
    if (after > 0 && !server.runs.get(id) && (await hasNothingBehind(id, after, call)))
      return new Response(null, { status: 204 });
    return eventResponse((signal) => server.runs.follow(id, after, signal), formatOf(request, true) ?? ndjson);
  },
});

/** `POST /api/orchestration/runs/:id/cancel`. */
export const cancelRun = defineRoute({
  method: 'POST',
  path: `${runsPath}/:id/cancel`,
  summary: 'End a run that is going on; answered once it has ended',
  answers: { 200: { description: 'Its id', schema: z.object({ cancelled: z.string() }) } },
  handle: async (call) => {
    const { request, server } = call;
    const live = server.runs.get(await idOf(call));
    if (!live) return json({ cancelled: await server.orchestrator.runs.cancel(call.params['id'] ?? '', request) });
    live.cancel({ code: 'cancelled', message: 'the run was cancelled' });
    await live.ended;
    return json({ cancelled: live.id });
  },
});

/** `POST /api/orchestration/runs/:id/resume`. */
export const resumeRun = defineRoute({
  method: 'POST',
  path: `${runsPath}/:id/resume`,
  summary: 'Go on with a run that was interrupted',
  body: { schema: furtherBody, isOptional: true },
  answers: runAnswers,
  handle: (call) => {
    const { allow_changed_models: allowChangedModels } = call.body;
    const { hosts } = call.server.settings;
    return answerRun({ goOn: 'resume', run: call.params['id'] ?? '', hosts, allowChangedModels }, call.body, call);
  },
});

const retryBody = furtherBody.extend({
  from: z
    .string('must be the name of a step')
    .optional()
    .describe('do this step and what follows from it again, and nothing else that has ended'),
});

/** `POST /api/orchestration/runs/:id/retry`. */
export const retryRun = defineRoute({
  method: 'POST',
  path: `${runsPath}/:id/retry`,
  summary: 'Do again what did not succeed in a run, and what follows from it',
  body: { schema: retryBody, isOptional: true },
  answers: runAnswers,
  handle: (call) => {
    const { allow_changed_models: allowChangedModels, from } = call.body;
    const { hosts } = call.server.settings;
    return answerRun({ goOn: 'retry', run: call.params['id'] ?? '', from, hosts, allowChangedModels }, call.body, call);
  },
});

/** A run that goes on here need not be in the journal. */
async function idOf({ params: { id = '' }, server }: Call): Promise<string> {
  return server.runs.get(id)?.id ?? (await server.orchestrator.runs.find(id)).id;
}

function afterOf({ request, query }: Call): number {
  const text = request.headers.get('last-event-id') ?? query.get('after') ?? '0';
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new ProblemError({
    code: 'usage-invalid',
    message: `Last-Event-ID '${text.slice(0, 80)}' is no number of an event`,
  });
}

async function hasNothingBehind(id: string, after: number, { server }: Call): Promise<boolean> {
  const { runs } = server.orchestrator;
  const { status } = await runs.find(id);
  return status !== 'running' && (await runs.eventsAfter(id, after)).length === 0;
}
