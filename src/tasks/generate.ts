import { answerNeeds } from './answer-needs.ts';
import { collectAnswer } from './collect-answer.ts';
import { defineTask } from './define-task.ts';
import { oneModelCall } from './one-model-call.ts';

/** One prompt, one text. */
export const generate = defineTask({
  type: 'generate',
  summary: 'Complete a prompt',
  uses: ['system', 'format', 'images', 'think', 'options'],
  needs: answerNeeds,
  run: oneModelCall(async (call, { client, model, ...context }) => {
    const { input, system, format, images, think, options } = call;
    const request = { model, prompt: input, system, format, images, think, options };
    return collectAnswer(
      client.generate(request, context),
      ({ response, thinking }) => ({ text: response, thinking }),
      context,
    );
  }),
});
