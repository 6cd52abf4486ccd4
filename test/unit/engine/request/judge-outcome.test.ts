import { expect, test } from 'vitest';
import { judgeOutcome, type JudgedAnswer } from '../../../../src/engine/request/judge-outcome.ts';
import type { AnswerForm } from '../../../../src/tasks/answer-form.ts';

const judged = (more: Partial<JudgedAnswer> = {}): JudgedAnswer => ({
  outcome: { output: 'Hi', metrics: { done_reason: 'stop', prompt_eval_count: 3, eval_count: 2 } },
  droppedLines: 0,
  onTruncate: 'fail',
  ...more,
});

const cut = { code: 'prompt-too-long', message: 'the prompt was cut', hint: 'raise it' } as const;
const json: AnswerForm = { kind: 'json', isFormat: true };

test('a complete answer is a success without a remark', () => {
  expect(judgeOutcome(judged())).toEqual({ warnings: [], output: 'Hi' });
});

test('an answer cut off by its limit carries a warning with its length', () => {
  const outcome = { output: 'Hi', metrics: { done_reason: 'length', eval_count: 20 } };
  expect(judgeOutcome(judged({ outcome })).warnings).toEqual([
    {
      code: 'output-length',
      message: 'the answer was cut off after 20 tokens: num_predict or the context is used up',
    },
  ]);
});

test('an answer to a prompt that was cut is a failure', () => {
  expect(judgeOutcome(judged({ cut })).problem).toEqual(cut);
});

test('an answer to a prompt that was cut is a success with a warning where that is wanted', () => {
  const { problem, warnings } = judgeOutcome(judged({ cut, onTruncate: 'warn' }));
  expect(problem).toBeUndefined();
  expect(warnings).toEqual([{ code: 'prompt-cut', message: 'the prompt was cut; raise it' }]);
});

test('lines that could not be read are counted in a warning', () => {
  expect(judgeOutcome(judged({ droppedLines: 2 })).warnings).toMatchObject([{ code: 'lines-dropped' }]);
});

test('an answer that is thinking alone is a failure', () => {
  const outcome = { output: '', thinking: 'hmm', metrics: { done_reason: 'length', eval_count: 9 } };
  expect(judgeOutcome(judged({ outcome })).problem).toMatchObject({ code: 'output-missing' });
});

test('a document in place of thoughts is the answer of a model that was held to a format', () => {
  const outcome = { output: '', thinking: ' {"a":1}\n' };
  expect(judgeOutcome(judged({ outcome, form: json }))).toMatchObject({ output: '{"a":1}', structured: { a: 1 } });
});

test('thoughts that hold a document are no answer', () => {
  const outcome = { output: '', thinking: 'perhaps {"a":1}' };
  expect(judgeOutcome(judged({ outcome, form: json })).problem).toMatchObject({ code: 'output-missing' });
});

test('an answer that calls a tool needs no text', () => {
  const tool_calls = [{ function: { name: 'look', arguments: {} } }];
  const outcome = { output: '', thinking: 'hmm', tool_calls };
  expect(judgeOutcome(judged({ outcome }))).toEqual({ warnings: [], output: '' });
});

test('an empty answer is told as such', () => {
  expect(judgeOutcome(judged({ outcome: { output: '' } })).warnings).toMatchObject([{ code: 'output-empty' }]);
});

test('a server that only loaded the model has not answered', () => {
  const outcome = { output: '', metrics: { done_reason: 'load' } };
  expect(judgeOutcome(judged({ outcome })).problem).toMatchObject({ code: 'prompt-empty' });
});

test('of an answer in a format the document is the output', () => {
  const outcome = { output: 'Sure:\n```json\n{"a":1}\n```' };
  expect(judgeOutcome(judged({ form: json, outcome }))).toMatchObject({ output: '{"a":1}', structured: { a: 1 } });
});

test.each(['', 'no json', '{"a":', '['.repeat(50_000) + ']'.repeat(50_000)])(
  'an answer that is not of its format is rejected with a reason: %j',
  (output) => {
    const { problem, rejected } = judgeOutcome(judged({ form: json, outcome: { output } }));
    expect(problem).toMatchObject({ code: 'output-invalid' });
    expect(rejected).toMatchObject({ answer: output });
  },
);

test('an answer that breaks off by its limit says what limit that is', () => {
  const outcome = { output: '{"a":', metrics: { done_reason: 'length', eval_count: 3 } };
  expect(judgeOutcome(judged({ form: json, outcome })).problem).toEqual({
    code: 'output-invalid',
    message:
      'the answer is not of its format: it breaks off inside a JSON document; it was cut off after 3 tokens: num_predict or the context is used up',
    hint: 'raise num_predict',
  });
});

test('what cannot be extracted is told with what was looked for, and is not for the model to mend', () => {
  const { problem, rejected } = judgeOutcome(judged({ form: { kind: 'code', language: 'python' } }));
  expect(problem).toEqual({
    code: 'output-invalid',
    message: "'code:python' cannot be extracted from the answer: there is no fenced code block in it",
  });
  expect(rejected).toBeUndefined();
});
