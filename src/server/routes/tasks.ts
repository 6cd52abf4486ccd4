import { z } from 'zod';
import { answerRun } from '../answer-run.ts';
import { defineRoute, type RouteAnswer } from '../define-route.ts';
import { documentedTasks, tasksExample } from '../documented-bodies.ts';
import { tasksBody, toTasksRequest } from '../run-body.ts';

/** What a run is answered with. */
export const runAnswers: Readonly<Record<number, RouteAnswer>> = {
  200: {
    description: 'The run, however its tasks ended; its events when they are asked for',
    schema: 'run-document',
    hasEvents: true,
  },
  202: { description: 'The id of a run that goes on without the client', schema: z.object({ id: z.string() }) },
};

/** `POST /api/orchestration/tasks`. */
export const runTasks = defineRoute({
  method: 'POST',
  path: '/api/orchestration/tasks',
  summary: 'Run tasks',
  body: { schema: tasksBody, documented: documentedTasks, example: tasksExample },
  answers: runAnswers,
  handle: (call) => answerRun(toTasksRequest(call.body, call.server), call.body, call),
});
