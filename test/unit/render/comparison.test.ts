import { expect, test } from 'vitest';
import { RunScript } from './run-script.ts';
import { busy } from './scenarios.ts';
import { show } from './show.ts';

const input = 'Name a colour';
const planned = ['task1[llama3.2]', 'task1[mistral]', 'task2[llama3.2]', 'task2[mistral]'];

/** Ends in the order in which models are loaded: all of one, then all of the other. */
const compared = (answers: Readonly<Record<string, string>>): RunScript => {
  const script = new RunScript(planned);
  for (const model of ['llama3.2', 'mistral']) {
    for (const task of ['task1', 'task2']) {
      script.completed(`${task}[${model}]`, answers[model] ?? '', { input, model_used: model });
    }
  }
  return script;
};

test('short answers of several models are the rows of a table, one for each task', async () => {
  const { stdout } = await show(compared({ 'llama3.2': 'Blue', mistral: 'A deep red.\n' }).end('completed'));
  const table = `MODEL      TIME   OUT   TOK/S   ANSWER
llama3.2   1.5s    30    20.1   Blue
mistral    1.5s    30    20.1   A deep red.
`;
  expect(stdout).toBe(`=== task1: ${input}\n${table}\n=== task2: ${input}\n${table}`);
});

test.each([
  ['of several lines', 'Blue.\nAs the sky is.'],
  ['as long as a line', 'blue '.repeat(20)],
])('answers %s stand one below the other, each with what it cost', async (_what, answer) => {
  const { stdout } = await show(compared({ 'llama3.2': answer, mistral: 'Red' }).end('completed'));
  expect(stdout).toContain(`=== task1: ${input}

--- llama3.2: 1.5s, 30 tokens, 20.1 tokens/s
${answer}

--- mistral: 1.5s, 30 tokens, 20.1 tokens/s
Red

=== task2`);
});

test('a table is no wider than the terminal', async () => {
  const events = compared({ 'llama3.2': 'Blue as the sky is', mistral: 'Red' }).end('completed');
  const narrow = await show(events, { color: false }, { columns: 49, isTTY: { stdout: true } });
  expect(narrow.stdout).toContain('--- llama3.2: ');
  const wide = await show(events, { color: false }, { columns: 50, isTTY: { stdout: true } });
  expect(wide.stdout).toContain('MODEL');
});

test('a model that failed has its place among the others', async () => {
  const script = new RunScript(planned.slice(0, 2)).completed('task1[llama3.2]', 'Blue', { input });
  const { stdout } = await show(script.failed('task1[mistral]', busy, { model_name: 'mistral' }).end('failed'));
  expect(stdout).toContain('llama3.2   1.5s    30    20.1   Blue\nmistral                         (failed)\n');
});

test('where all models failed there is nothing to compare', async () => {
  const script = new RunScript(planned.slice(0, 2)).failed('task1[llama3.2]', busy).failed('task1[mistral]', busy);
  expect((await show(script.end('failed'))).stdout).toBe('');
});

test('of a run that breaks off, the answers that are there are shown', async () => {
  const { stdout } = await show(new RunScript(planned).completed('task1[llama3.2]', 'Blue', { input }).events);
  expect(stdout).toBe(`=== task1: ${input}\n\n--- llama3.2: 1.5s, 30 tokens, 20.1 tokens/s\nBlue\n`);
});

test('on a terminal neither the prompt nor an answer is obeyed', async () => {
  const more = { input: 'a\x1b[2Jb', model_used: 'm' };
  const script = new RunScript(planned.slice(0, 2)).completed('task1[llama3.2]', '\x1b[2J', more);
  const { stdout } = await show(
    script.completed('task1[mistral]', 'x\x07', more).end('completed'),
    { color: false },
    { isTTY: { stdout: true } },
  );
  expect(stdout).toContain('task1: a^[[2Jb');
  expect(stdout).not.toMatch(/[\x07\x1b]/);
});

test('a report has a heading for each task, and a table of short answers', async () => {
  const events = compared({ 'llama3.2': 'Blue|green', mistral: 'Red' }).end('completed');
  const { stdout } = await show(events, { output: 'markdown' });
  expect(stdout).toContain(`## task1: Name a colour

| model | time | load | tokens in | tokens out | tokens/s | answer |
| --- | --: | --: | --: | --: | --: | --- |
| llama3.2 | 1.5s | 0.5s | 15 | 30 | 20.1 | Blue\\|green |
| mistral | 1.5s | 0.5s | 15 | 30 | 20.1 | Red |

## task2: Name a colour
`);
});

test('in a report longer answers have a heading for each model', async () => {
  const events = compared({ 'llama3.2': '# Blue\n\n```', mistral: 'Red' }).end('completed');
  const { stdout } = await show(events, { output: 'markdown' });
  expect(stdout).toContain(
    '### llama3.2\n\n_1.5s, 30 tokens, 20.1 tokens/s_\n\n# Blue\n\n```\n```\n\n### mistral\n\n_1.5s, 30 tokens, 20.1 tokens/s_\n\nRed\n',
  );
});
