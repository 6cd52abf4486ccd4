import { defineTask, type TaskCall, type TaskContext, type TaskDefinition } from './define-task.ts';

/** What a custom task does: it gets the prompt, filled in, and answers with a text. */
export type CustomHandler = (
  call: TaskCall,
  context: Pick<TaskContext, 'signal' | 'onDelta'>,
) => Promise<string> | string;

/** The type `custom`: work done by a function of the program that uses this library. Without one it is refused. */
export function customTask(handler?: CustomHandler): TaskDefinition {
  return defineTask({
    type: 'custom',
    summary: 'Call a handler registered through the library',
    uses: ['parameters', 'extract'],
    needs: undefined,
    unregistered: handler ? undefined : 'register one: createOrchestrator({ custom: handler })',
    run: async (calls, { signal, onDelta }) =>
      Promise.all(calls.map(async (call) => ({ output: await (handler ?? refuse)(call, { signal, onDelta }) }))),
  });
}

function refuse(): never {
  throw new Error('no handler is registered');
}
