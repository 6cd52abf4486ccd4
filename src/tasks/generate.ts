import { answerNeeds } from './answer-needs.ts';
import { collectAnswer } from './collect-answer.ts';
import { defineTask } from './define-task.ts';
import { oneModelCall } from './one-model-call.ts';
import { repairRequest } from './repair-request.ts';

/** One prompt, one text. */
export const generate = defineTask({
  type: 'generate',
  summary: 'Complete a prompt',
  uses: ['system', 'format', 'images', 'think', 'options', 'extract', 'on_truncate'],
  needs: answerNeeds,
  repair: (call, { answer, reason }) => ({
    ...call,
    input: `${call.input}\n\nYour answer was:\n${answer}\n\n${repairRequest(reason)}`,
  }),
  run: oneModelCall(async (call, { client, model, ...context }) => {
    const { input, system, format, images, think, options, truncate } = call;
    const request = { model, prompt: input, system, format, images, think, options, truncate };
    return collectAnswer(
      client.generate(request, context),
      ({ response, thinking }) => ({ text: response, thinking }),
      context,
    );
  }),
});
