import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseStepFlag, parseTaskFlag, parseTaskLine } from '../../src/spec/flags.ts';
import { parseTasksFile } from '../../src/spec/tasks-file.ts';
import { namePattern } from '../../src/spec/schema.ts';

const type = fc.constantFrom('generate', 'chat', 'embed', 'custom', 'my-type');
const name = fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,20}$/);

/** Any text: colons, commas, quotes, line ends, any script. */
const prompt = fc
  .array(
    fc.oneof(
      fc.constantFrom(':', ',', '"', "'", '\n', '\r\n', '@', '{{a}}', '\\', ' '),
      fc.string({ unit: 'grapheme' }),
    ),
  )
  .map((pieces) => pieces.join(''));

const typedPrompt = prompt.filter((text) => !text.startsWith('@'));

test('a task comes out of its flag as it was put in', () => {
  fc.assert(
    fc.property(type, typedPrompt, (type, text) => {
      expect(parseTaskFlag(`${type}:${text}`)).toEqual({ type, prompt: { text } });
    }),
  );
});

test('a step comes out of its flag as it was put in', () => {
  fc.assert(
    fc.property(name, type, typedPrompt, (name, type, text) => {
      expect(name).toMatch(namePattern);
      expect(parseStepFlag(`${name}:${type}:${text}`)).toEqual({ name, type, prompt: { text } });
    }),
  );
});

test('a prompt that starts with @ is a file exactly when it is one word, unless the @ is doubled', () => {
  fc.assert(
    fc.property(prompt, (rest) => {
      const isWord = /^\S+$/.test(rest);
      const expected = isWord ? (rest.startsWith('@') ? { text: rest } : { file: rest }) : { text: `@${rest}` };
      expect(parseTaskFlag(`generate:@${rest}`).prompt).toEqual(expected);
    }),
  );
});

test('a line of a tasks file keeps its prompt whatever it is', () => {
  fc.assert(
    fc.property(type, prompt, (type, input) => {
      expect(parseTaskLine(`${type}:${input}`, 'line')).toEqual({ type, input });
    }),
  );
});

test('tasks written as JSON lines are read back, with either line end', () => {
  const task = fc.record({ type, input: prompt });
  fc.assert(
    fc.property(fc.array(task), fc.constantFrom('\n', '\r\n', '\n\n'), (tasks, lineEnd) => {
      const file = tasks.map((each) => JSON.stringify(each)).join(lineEnd);
      expect(parseTasksFile(file, 'a.jsonl').map(({ task }) => task)).toEqual(tasks);
    }),
  );
});
