import { ProblemError, type Problem } from '../errors/problem.ts';
import type { ChatChunk, GenerateChunk, WireMetrics } from '../ollama/wire.ts';
import type { ToolCall } from '../events/run-document.ts';
import type { TaskContext, TaskOutcome } from './define-task.ts';

/** One piece of a streamed answer, whichever endpoint it came from. */
interface AnswerPiece {
  text: string;
  thinking?: string | undefined;
  tool_calls?: ToolCall[] | undefined;
}

/** They are no text that the engine could count. */
const maxToolCallsLength = 16 << 20;

/** Gathers a streamed answer; tool calls may come on any line of it. */
export async function collectAnswer<C extends GenerateChunk | ChatChunk>(
  chunks: AsyncIterable<C>,
  toPiece: (chunk: C) => AnswerPiece,
  { onDelta }: Pick<TaskContext, 'onDelta'>,
): Promise<TaskOutcome> {
  const texts: string[] = [];
  const thoughts: string[] = [];
  const toolCalls: ToolCall[] = [];
  let toolCallsLength = 0;
  let metrics: WireMetrics = {};
  for await (const chunk of chunks) {
    const { text, thinking = '', tool_calls = [] } = toPiece(chunk);
    if (thinking !== '') onDelta('thinking', thinking);
    if (text !== '') onDelta('text', text);
    thoughts.push(thinking);
    texts.push(text);
    for (const call of tool_calls) {
      toolCalls.push(call);
      toolCallsLength += JSON.stringify(call).length;
    }
    if (toolCallsLength > maxToolCallsLength) throw new ProblemError(tooManyToolCalls());
    if (chunk.done) metrics = toMetrics(chunk);
  }
  const thinking = thoughts.join('');
  return {
    output: texts.join(''),
    thinking: thinking === '' ? undefined : thinking,
    tool_calls: toolCalls.length === 0 ? undefined : toolCalls,
    metrics,
  };
}

function tooManyToolCalls(): Problem {
  return {
    code: 'output-too-large',
    message: `the tool calls of the answer are longer than ${maxToolCallsLength >> 20} MiB`,
  };
}

/** Without `context`: it holds every token of prompt and answer. */
function toMetrics(chunk: WireMetrics): WireMetrics {
  const { done_reason, total_duration, load_duration, prompt_eval_count, prompt_eval_duration } = chunk;
  const { eval_count, eval_duration } = chunk;
  return {
    done_reason,
    total_duration,
    load_duration,
    prompt_eval_count,
    prompt_eval_duration,
    eval_count,
    eval_duration,
  };
}
