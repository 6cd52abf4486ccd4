import { answerRun } from '../answer-run.ts';
import { defineRoute } from '../define-route.ts';
import { documentedWorkflow, workflowExample } from '../documented-bodies.ts';
import { toWorkflowRequest, workflowBody } from '../run-body.ts';
import { withoutPlaces } from '../without-places.ts';
import { runAnswers } from './tasks.ts';

/** `POST /api/orchestration/workflows`. */
export const runWorkflow = defineRoute({
  method: 'POST',
  path: '/api/orchestration/workflows',
  summary: 'Run a workflow: its `steps` and other keys, or its text',
  body: { schema: workflowBody, documented: documentedWorkflow, example: workflowExample },
  answers: runAnswers,
  handle: (call) => {
    const run = (): Promise<Response> => answerRun(toWorkflowRequest(call.body, call.server), call.body, call);
    return call.body.workflow === undefined ? withoutPlaces(run) : run();
  },
});
