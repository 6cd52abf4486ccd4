import type { Problem } from '../../errors/problem.ts';
import type { Warning } from '../../events/run-document.ts';
import type { JsonCheck } from '../../lib/find-json.ts';
import { readAnswer, formatForm, type AnswerForm } from '../../tasks/answer-form.ts';
import type { OnTruncate, Rejected, TaskOutcome } from '../../tasks/define-task.ts';

export interface Judgement {
  /** Why the answer must not be passed on. */
  problem?: Problem | undefined;
  /** Set when a model that is told of the problem may do better. */
  rejected?: Rejected | undefined;
  warnings: Warning[];
  /** What of the answer is the output. */
  output: string;
  /** The parsed output of a task that asked for JSON. */
  structured?: unknown;
}

export interface JudgedAnswer {
  outcome: TaskOutcome;
  droppedLines: number;
  /** What the output is to be; absent: the whole answer. */
  form?: AnswerForm | undefined;
  /** Holds a document to the schema of the form. */
  check?: JsonCheck | undefined;
  /** Why the prompt must have been cut. */
  cut?: Problem | undefined;
  onTruncate: OnTruncate;
}

/** Whether a complete answer may be called a success, and what of it is the output. Pure. */
export function judgeOutcome(judged: JudgedAnswer): Judgement {
  const { outcome, form, cut, onTruncate } = judged;
  const { output, metrics } = outcome;
  const warnings = warningsOf(judged);
  const fail = (problem: Problem): Judgement => ({ problem, warnings, output });
  if (metrics?.done_reason === 'load') {
    return fail({ code: 'prompt-empty', message: 'the prompt is empty once its placeholders are filled in' });
  }
  if (cut && onTruncate === 'fail') return fail(cut);
  const answer = answerOf(outcome, form);
  if (answer === '' && outcome.thinking !== undefined && !outcome.tool_calls) return fail(onlyThinking(outcome));
  if (form) return readForm(form, answer, judged, warnings);
  if (output === '' && !outcome.tool_calls) {
    warnings.push({ code: 'output-empty', message: 'the model answered with nothing' });
  }
  return { warnings, output };
}

function warningsOf({ outcome: { metrics }, droppedLines, cut, onTruncate }: JudgedAnswer): Warning[] {
  const warnings: Warning[] = [];
  if (metrics?.done_reason === 'length')
    warnings.push({ code: 'output-length', message: `the answer ${cutOff(metrics)}` });
  if (cut && onTruncate === 'warn')
    warnings.push({ code: 'prompt-cut', message: `${cut.message}${cut.hint === undefined ? '' : `; ${cut.hint}`}` });
  if (droppedLines > 0) {
    warnings.push({ code: 'lines-dropped', message: `${droppedLines} unreadable lines of the answer were left out` });
  }
  return warnings;
}

function cutOff({ eval_count = 0 }: { eval_count?: number | undefined }): string {
  return `was cut off after ${eval_count} tokens: num_predict or the context is used up`;
}

/** Held to a format from its first token, a model that thinks may write its document where thoughts go. */
function answerOf({ output, thinking }: TaskOutcome, form: AnswerForm | undefined): string {
  const isFormat = form?.kind === 'json' && form.isFormat;
  const text = thinking?.trim() ?? '';
  return isFormat && output.trim() === '' && /^[[{]/.test(text) && /[\]}]$/.test(text) ? text : output;
}

function readForm(form: AnswerForm, answer: string, { outcome, check }: JudgedAnswer, warnings: Warning[]): Judgement {
  const { done_reason, ...metrics } = outcome.metrics ?? {};
  const isCut = done_reason === 'length';
  const read = readAnswer(form, answer, { check, isCut });
  if ('output' in read) return { ...read, warnings };
  const reason = isCut ? `${read.reason}; it ${cutOff(metrics)}` : read.reason;
  const isFormat = form.kind === 'json' && form.isFormat;
  return {
    problem: {
      code: 'output-invalid',
      message: isFormat
        ? `the answer is not of its format: ${reason}`
        : `'${formatForm(form)}' cannot be extracted from the answer: ${reason}`,
      hint: isCut ? 'raise num_predict' : undefined,
    },
    rejected: isFormat ? { answer, reason: read.reason } : undefined,
    warnings,
    output: outcome.output,
  };
}

function onlyThinking({ metrics }: TaskOutcome): Problem {
  const reason = metrics?.done_reason === 'length' ? ', and num_predict or the context was used up' : '';
  return {
    code: 'output-missing',
    message: `the model answered with thinking only${reason}`,
    hint: 'raise num_predict, or turn thinking off with "think": false',
  };
}
