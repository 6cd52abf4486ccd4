// In: a task about to be sent. Out: its end, when an earlier answer takes the place of a request. Effects: the lookup.
import type { Candidate } from '../events/plan-snapshot.ts';
import { modelKey } from '../plan/model-facts.ts';
import type { Plan } from '../plan/plan.ts';
import type { TaskFinished } from '../events/event.ts';
import type { Answers } from './engine-ports.ts';
import { isRepeatable } from './request/fingerprint.ts';
import type { Outputs } from './outputs.ts';
import { answerUnrecorded } from './problems.ts';
import type { TaskNode } from './task-node.ts';
import type { TaskEnd } from './to-finished-event.ts';
import { toCall } from './request/to-call.ts';

/** Undefined when the task has to be sent. What is wrong with its prompt is told when that is tried. */
export async function findAnswer(
  node: TaskNode,
  candidate: Candidate | undefined,
  { plan, answers, outputs }: { plan: Plan; answers: Answers; outputs: Outputs },
): Promise<TaskEnd | undefined> {
  const call = toCall(node, outputs);
  const { fingerprint } = node;
  if ('code' in call || fingerprint === undefined) return undefined;
  const { host = '', model = '' } = candidate ?? {};
  const digest = candidate && plan.facts?.get(modelKey(candidate))?.digest;
  const question = { task: node.name, fingerprint, host, model, digest };
  const found = await answers.find({ ...question, isRepeatable: isRepeatable(call, node.plan.spec.definition) });
  if (found && 'answer' in found) return toEnd(node, candidate, found);
  if (found) node.notes = [...node.notes, found.refused];
  return answers.only ? { status: 'failed', problem: answerUnrecorded() } : undefined;
}

function toEnd(
  node: TaskNode,
  candidate: Candidate | undefined,
  { answer, reason }: { answer: TaskFinished; reason: string },
): TaskEnd {
  const { model_used: model = '', host = '', output = '', embedding, full_output, structured, metrics } = answer;
  const { thinking, tool_calls, done_reason } = answer;
  node.candidate = { model, host, reasons: [reason, ...(candidate?.reasons ?? [])] };
  const outcome = { output, embedding, thinking, tool_calls, metrics: { done_reason } };
  return { status: 'reused', outcome, structured, fullOutput: full_output, metrics, warnings: answer.warnings };
}
