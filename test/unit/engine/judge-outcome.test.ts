import { expect, test } from 'vitest';
import { judgeOutcome, type JudgedCall } from '../../../src/engine/judge-outcome.ts';

const judged = (more: Partial<JudgedCall> = {}): JudgedCall => ({
  call: { input: 'Hello' },
  outcome: { output: 'Hi', metrics: { done_reason: 'stop', prompt_eval_count: 3, eval_count: 2 } },
  droppedLines: 0,
  ...more,
});

test('a complete answer is a success without a remark', () => {
  expect(judgeOutcome(judged())).toEqual({ warnings: [] });
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

test.each<[string, number, number, boolean]>([
  ['fits', 20, 15, false],
  ['fills the whole context', 100, 100, true],
  ['fills the context but for one token', 100, 99, true],
  ['is longer than the context and only half of that was read', 2_000, 50, true],
  ['is shorter than the context and few tokens were read', 400, 50, false],
])(
  'a prompt that %s (%i characters, %i tokens read of a context of 100) is called cut: %s',
  (_title, length, read, isCut) => {
    const { warnings } = judgeOutcome(
      judged({
        call: { input: 'x'.repeat(length) },
        outcome: { output: 'Hi', metrics: { done_reason: 'stop', prompt_eval_count: read } },
        contextLength: 100,
      }),
    );
    expect(warnings.map(({ code }) => code)).toEqual(isCut ? ['prompt-cut'] : []);
  },
);

test('the system prompt and all messages count towards the length of a prompt', () => {
  const text = 'x'.repeat(300);
  const call = { input: text, system: text, messages: [{ role: 'user', content: text }] };
  const outcome = { output: 'Hi', metrics: { prompt_eval_count: 50 } };
  expect(judgeOutcome(judged({ call, outcome, contextLength: 100 })).warnings).toHaveLength(1);
});

test('lines that could not be read are counted in a warning', () => {
  expect(judgeOutcome(judged({ droppedLines: 2 })).warnings).toMatchObject([{ code: 'lines-dropped' }]);
});

test('an answer that is thinking alone is a failure', () => {
  const outcome = { output: '', thinking: 'hmm', metrics: { done_reason: 'length', eval_count: 9 } };
  expect(judgeOutcome(judged({ outcome })).problem).toMatchObject({ code: 'output-missing' });
});

test('an answer that calls a tool needs no text', () => {
  const tool_calls = [{ function: { name: 'look', arguments: {} } }];
  expect(judgeOutcome(judged({ outcome: { output: '', thinking: 'hmm', tool_calls } }))).toEqual({ warnings: [] });
});

test('an empty answer is told as such', () => {
  expect(judgeOutcome(judged({ outcome: { output: '' } })).warnings).toMatchObject([{ code: 'output-empty' }]);
});

test('a server that only loaded the model has not answered', () => {
  const outcome = { output: '', metrics: { done_reason: 'load' } };
  expect(judgeOutcome(judged({ outcome })).problem).toMatchObject({ code: 'prompt-empty' });
});

test('an answer in a format is parsed', () => {
  const call = { input: 'x', format: 'json' as const };
  expect(judgeOutcome(judged({ call, outcome: { output: '{"a":1}' } })).structured).toEqual({ a: 1 });
});

test.each(['', 'no json', '{"a":', '['.repeat(50_000) + ']'.repeat(50_000)])(
  'an answer that is not of its format is a failure: %j',
  (output) => {
    const call = { input: 'x', format: 'json' as const };
    expect(judgeOutcome(judged({ call, outcome: { output } })).problem).toMatchObject({ code: 'output-invalid' });
  },
);
