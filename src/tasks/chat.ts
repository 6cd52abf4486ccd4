import type { WireMessage } from '../ollama/wire.ts';
import { answerNeeds } from './answer-needs.ts';
import { collectAnswer } from './collect-answer.ts';
import { defineTask, type TaskCall } from './define-task.ts';
import { oneModelCall } from './one-model-call.ts';
import { repairRequest } from './repair-request.ts';

/** A conversation: the messages given, then the prompt as the user's last word. */
export const chat = defineTask({
  type: 'chat',
  summary: 'Answer as the next speaker of a conversation',
  uses: ['system', 'messages', 'format', 'images', 'think', 'options', 'extract', 'on_truncate'],
  needs: answerNeeds,
  repair: (call, { answer, reason }) => ({
    ...call,
    messages: [...toMessages(call), { role: 'assistant', content: answer }],
    input: repairRequest(reason),
    system: undefined,
    images: undefined,
  }),
  run: oneModelCall(async (call, { client, model, ...context }) => {
    const { format, think, options, truncate } = call;
    const request = { model, messages: toMessages(call), format, think, options, truncate };
    return collectAnswer(
      client.chat(request, context),
      ({ message }) => ({ text: message.content, thinking: message.thinking, tool_calls: message.tool_calls }),
      context,
    );
  }),
});

function toMessages({ input, system, messages = [], images }: TaskCall): WireMessage[] {
  const opening = system === undefined || messages[0]?.role === 'system' ? [] : [{ role: 'system', content: system }];
  const isSaid = input.trim() === '' && messages.length > 0 && !images?.length;
  const closing = isSaid ? [] : [{ role: 'user', content: input, images }];
  return [...opening, ...messages, ...closing];
}
