import type { OllamaClient } from '../ollama/client.ts';
import { requireModel, type TaskCall, type TaskContext, type TaskDefinition, type TaskOutcome } from './define-task.ts';

type ModelContext = TaskContext & { client: OllamaClient; model: string };

/** The `run` of a type whose calls go to the model one by one. */
export function oneModelCall(
  runOne: (call: TaskCall, context: ModelContext) => Promise<TaskOutcome>,
): TaskDefinition['run'] {
  return async (calls, context) => {
    const outcomes: TaskOutcome[] = [];
    for (const call of calls) outcomes.push(await runOne(call, { ...context, ...requireModel(context) }));
    return outcomes;
  };
}
