import { z } from 'zod';
import type { RunRequest } from '../../app/load-parts.ts';
import { isRecord } from '../../spec/schema.ts';
import { defineRoute, type Call, type RouteBody } from '../define-route.ts';
import { documentedTasks, documentedWorkflow, workflowExample } from '../documented-bodies.ts';
import { checkBody } from '../read-body.ts';
import { problemSchema } from '../problem-schema.ts';
import { json } from '../respond.ts';
import { withoutPlaces } from '../without-places.ts';
import { tasksBody, toTasksRequest, toWorkflowRequest, workflowBody } from '../run-body.ts';

const body: RouteBody & { schema: z.ZodUnknown } = {
  schema: z.unknown(),
  documented: z.union([documentedTasks, documentedWorkflow]),
  example: workflowExample,
};

const planned = z.looseObject({ task: z.string(), type: z.string(), kind: z.string(), needs: z.array(z.string()) });

const explained = z.object({
  index: z.int(),
  type: z.string(),
  kind: z.string(),
  model: z.string().optional(),
  host: z.string().optional(),
  reasons: z.array(z.string()),
  candidates: z.array(
    z.object({
      ...{ model: z.string(), host: z.string(), score: z.number(), reasons: z.array(z.string()) },
      dropped: z.literal(true).optional().describe('it cannot take the task, and the last of the reasons says why'),
    }),
  ),
  warnings: z.array(z.object({ code: z.string(), message: z.string() })).optional(),
  problem: problemSchema.optional(),
});

/** `POST /api/orchestration/plan`. */
export const showPlan = defineRoute({
  method: 'POST',
  path: '/api/orchestration/plan',
  summary: 'What a run would do; no prompt is sent',
  body,
  answers: { 200: { description: 'The plan', schema: z.object({ tasks: z.array(planned) }) } },
  handle: async (call) => json(await ask(call, (request) => call.server.orchestrator.plan(request))),
});

/** `POST /api/orchestration/explain`. */
export const explainTasks = defineRoute({
  method: 'POST',
  path: '/api/orchestration/explain',
  summary: 'Which model each task would go to, and why; no prompt is sent',
  body,
  answers: { 200: { description: 'An entry per task', schema: z.object({ tasks: z.array(explained) }) } },
  handle: async (call) => json({ tasks: await ask(call, (request) => call.server.orchestrator.explain(request)) }),
});

/** Asks about tasks or a workflow, whichever the body is for. */
function ask<T>({ body: given, server }: Call, work: (request: RunRequest) => Promise<T>): Promise<T> {
  const isForTasks = isRecord(given) && 'tasks' in given;
  const request = isForTasks
    ? toTasksRequest(checkBody(given, tasksBody), server)
    : toWorkflowRequest(checkBody(given, workflowBody), server);
  return isRecord(given) && 'workflow' in given ? work(request) : withoutPlaces(() => work(request));
}
