import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSchemaCompiler } from '../../src/spec/compile-schema.ts';
import { readAnswer, type AnswerForm } from '../../src/tasks/answer-form.ts';

const schema = {
  type: 'object',
  properties: {
    title: { type: 'string' },
    tags: { type: 'array', items: { type: 'string' } },
    score: { type: 'integer', minimum: 0 },
  },
  required: ['title', 'tags'],
  additionalProperties: false,
};
const compiled = createSchemaCompiler()(schema);
if ('reason' in compiled) throw new Error(compiled.reason);
const { check } = compiled;
const form: AnswerForm = { kind: 'json', isFormat: true, schema };

const text = fc.string({ unit: 'grapheme', maxLength: 40 });
const valid = fc.record({ title: text, tags: fc.array(text, { maxLength: 4 }), score: fc.nat() });
const invalid = fc.oneof(
  fc.record({ title: fc.integer(), tags: fc.constant([]) }),
  fc.record({ title: text }),
  fc.record({ title: text, tags: fc.array(text), score: fc.constant(-1) }),
  fc.record({ title: text, tags: fc.array(text), more: fc.boolean() }),
  fc.array(fc.nat()),
);
const written = (value: unknown): fc.Arbitrary<string> =>
  fc.constantFrom(0, 2).map((by) => JSON.stringify(value, null, by));

const prose = fc.constantFrom(
  'Here is the JSON you asked for:',
  'Sure! "quoted", it\'s done.',
  'Note: {placeholders} and [notes] are not JSON.',
  'See [1] and [2].',
  'f(x) => { return x }',
  '| a | b |\n|---|---|',
  '**Answer**',
  '日本語 {例} 🎉',
  '',
);
const thought = fc.tuple(prose, invalid.chain(written)).map(([words, json]) => `<think>${words} ${json}</think>\n`);

interface Generated {
  answer: string;
  /** Whether a valid document stands in it as a whole. */
  isThere: boolean;
}

const answer: fc.Arbitrary<Generated> = fc
  .record({
    json: fc.oneof({ weight: 3, arbitrary: valid.chain(written) }, { weight: 1, arbitrary: invalid.chain(written) }),
    before: prose,
    after: prose,
    thinking: fc.option(thought, { nil: '' }),
    fence: fc.constantFrom('', '```json', '```', '~~~'),
    cutTo: fc.oneof(
      { weight: 5, arbitrary: fc.constant(1) },
      { weight: 1, arbitrary: fc.double({ min: 0.05, max: 0.95, noNaN: true }) },
    ),
  })
  .map(({ json, before, after, thinking, fence, cutTo }) => {
    const document = fence === '' ? json : `${fence}\n${json}\n${fence.slice(0, 3)}`;
    const whole = `${thinking}${before}\n${document}\n${after}`;
    const cut = whole.slice(0, Math.ceil(whole.length * cutTo));
    return { answer: cut, isThere: cut.includes(json) && check(JSON.parse(json)) === undefined };
  });

test('of 500 answers nothing invalid is passed on, and nearly every valid document is found', () => {
  const answers = fc.sample(answer, { numRuns: 500, seed: 4 });
  const read = answers.map((each) => ({ ...each, read: readAnswer(form, each.answer, { check, isCut: false }) }));
  const passed = read.flatMap((each) => ('output' in each.read ? [each.read] : []));
  expect(passed.filter(({ output }) => check(JSON.parse(output)) !== undefined)).toEqual([]);
  const there = read.filter(({ isThere }) => isThere);
  const missed = there.filter((each) => !('output' in each.read)).map((each) => each.answer);
  expect(there.length).toBeGreaterThan(200);
  expect(missed.length / there.length, missed.join('\n---\n')).toBeLessThanOrEqual(0.05);
});

test('what is passed on is valid, stands in the answer and is what was parsed', () => {
  fc.assert(
    fc.property(answer, ({ answer: said }) => {
      const read = readAnswer(form, said, { check, isCut: false });
      if (!('output' in read)) return;
      expect(said).toContain(read.output);
      expect(read.structured).toEqual(JSON.parse(read.output));
      expect(check(read.structured)).toBeUndefined();
    }),
  );
});

test('any text is read to its end', () => {
  const bits = fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', '1', 'a', '```\n', '<think>', '</think>', ' ');
  fc.assert(
    fc.property(fc.array(bits, { maxLength: 60 }), (parts) => {
      const read = readAnswer({ kind: 'json', isFormat: false }, parts.join(''), { isCut: false });
      if ('output' in read) expect(read.structured).toEqual(JSON.parse(read.output));
    }),
  );
});
