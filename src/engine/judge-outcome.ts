import type { Problem } from '../errors/problem.ts';
import type { Warning } from '../events/run-document.ts';
import { isEncodable } from '../ollama/wire-read.ts';
import type { TaskCall, TaskOutcome } from '../tasks/define-task.ts';

export interface Judgement {
  /** Why the answer must not be passed on. */
  problem?: Problem | undefined;
  warnings: Warning[];
  /** The parsed answer of a call with a `format`. */
  structured?: unknown;
}

export interface JudgedCall {
  call: TaskCall;
  outcome: TaskOutcome;
  droppedLines: number;
  model?: string | undefined;
  /** Tokens the model holds at once, where the server tells. */
  contextLength?: number | undefined;
}

/** Whether a complete answer may be called a success, and what to say about it. Pure. */
export function judgeOutcome(judged: JudgedCall): Judgement {
  const { call, outcome, droppedLines } = judged;
  const warnings = [...lengthWarnings(judged), ...cutWarnings(judged)];
  if (droppedLines > 0) {
    warnings.push({ code: 'lines-dropped', message: `${droppedLines} unreadable lines of the answer were left out` });
  }
  if (outcome.metrics?.done_reason === 'load') {
    return {
      warnings,
      problem: { code: 'prompt-empty', message: 'the prompt is empty once its placeholders are filled in' },
    };
  }
  if (outcome.output === '' && outcome.thinking !== undefined && !outcome.tool_calls) {
    return { warnings, problem: onlyThinking(outcome) };
  }
  if (call.format !== undefined) return { ...parseStructured(outcome.output), warnings };
  if (outcome.output === '' && !outcome.tool_calls) {
    warnings.push({ code: 'output-empty', message: 'the model answered with nothing' });
  }
  return { warnings };
}

function lengthWarnings({ outcome: { metrics } }: JudgedCall): Warning[] {
  if (metrics?.done_reason !== 'length') return [];
  const tokens = metrics.eval_count ?? 0;
  return [
    {
      code: 'output-length',
      message: `the answer was cut off after ${tokens} tokens: num_predict or the context is used up`,
    },
  ];
}

/** Servers cut a prompt that does not fit without a word: to the whole context, and newer ones to half of it. */
function cutWarnings({ call, outcome, contextLength }: JudgedCall): Warning[] {
  const counted = outcome.metrics?.prompt_eval_count;
  if (counted === undefined || contextLength === undefined) return [];
  const texts = [call.input, call.system ?? '', ...(call.messages ?? []).map(({ content }) => content)];
  const estimated = Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / charactersPerToken);
  const isFull = counted >= contextLength - 1;
  const isFarBelowEstimate = estimated > contextLength && counted <= contextLength;
  if (!isFull && !isFarBelowEstimate) return [];
  const message = `the prompt was cut: about ${Math.max(estimated, counted)} tokens were sent, ${counted} of them read, the context holds ${contextLength}; raise it with --option num_ctx=N`;
  return [{ code: 'prompt-cut', message }];
}

/** On the high side for prose and code, so that a prompt that fits is not called cut. */
const charactersPerToken = 5;

function onlyThinking({ metrics }: TaskOutcome): Problem {
  const reason = metrics?.done_reason === 'length' ? ', and num_predict or the context was used up' : '';
  return {
    code: 'output-missing',
    message: `the model answered with thinking only${reason}`,
    hint: 'raise num_predict, or turn thinking off with "think": false',
  };
}

function parseStructured(output: string): { structured: unknown } | { problem: Problem } {
  try {
    const structured: unknown = JSON.parse(output);
    if (isEncodable(structured)) return { structured };
    return { problem: { code: 'output-invalid', message: 'the answer is JSON that is nested too deeply' } };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      problem: { code: 'output-invalid', message: `the answer is not JSON, which its format asks for: ${reason}` },
    };
  }
}
