import { expect, test } from 'vitest';
import {
  fillTemplate,
  ownText,
  parseTemplate,
  placeholdersOf,
  showSegment,
  showTemplate,
  templateNeeds,
} from '../../../../src/spec/template/template.ts';

const toOutput = (expression: string): { output: string } => ({ output: expression });

test.each([
  ['', []],
  ['no braces', [{ text: 'no braces' }]],
  ['{{a}}', [{ output: 'a' }]],
  ['{{ a }}', [{ output: 'a' }]],
  ['{{\t a \t}}', [{ output: 'a' }]],
  ['x {{a}} y {{b}} z', [{ text: 'x ' }, { output: 'a' }, { text: ' y ' }, { output: 'b' }, { text: ' z' }]],
  ['{{a}}{{a}}', [{ output: 'a' }, { output: 'a' }]],
  ['{{{a}}}', [{ text: '{' }, { output: 'a' }, { text: '}' }]],
  ['{{}}', [{ output: '' }]],
  ['{{two words}}', [{ output: 'two words' }]],
  ['\\{{a}}', [{ text: '{{a}}' }]],
  ['\\{{ {{a}} }}', [{ text: '{{ ' }, { output: 'a' }, { text: ' }}' }]],
  ['\\\\{{a}}', [{ text: '\\{{a}}' }]],
  ['{{a\n}}', [{ text: '{{a\n}}' }]],
  ['{{ {"a": 1} }}', [{ text: '{{ {"a": 1} }}' }]],
  ['{ {a} }', [{ text: '{ {a} }' }]],
  ['{{a}', [{ text: '{{a}' }]],
])('%j is %j', (source, template) => {
  expect(parseTemplate(source, toOutput).template).toEqual(template);
});

test('what a placeholder stands for is filled in and never looked at again', () => {
  const { template } = parseTemplate('a {{x}} b', () => ({ text: '{{x}} \\{{' }));
  expect(fillTemplate(template, () => 'never asked')).toBe('a {{x}} \\{{ b');
});

test('an output is filled in and never looked at again', () => {
  const { template } = parseTemplate('{{a}} and {{b}}', toOutput);
  const outputs = new Map([
    ['a', '{{b}}'],
    ['b', '\\{{a}}'],
  ]);
  expect(fillTemplate(template, (segment) => outputs.get(showSegment(segment)) ?? '')).toBe('{{b}} and \\{{a}}');
});

test('an empty value leaves nothing behind', () => {
  expect(parseTemplate('{{x}}', () => ({ text: '' })).template).toEqual([]);
});

test('braces that stand for themselves stay as typed, blanks included, and are told', () => {
  expect(parseTemplate('a {{ x  }} b', () => ({ verbatim: true }))).toEqual({
    template: [{ text: 'a {{ x  }} b' }],
    problems: [],
    verbatim: ['x'],
  });
});

test('every problem is told', () => {
  const { problems } = parseTemplate('{{a}} {{b}}', (expression) => ({ problem: `no ${expression}` }));
  expect(problems).toEqual(['no a', 'no b']);
});

test('a long input that many prompts hold is not copied into each', () => {
  const input = 'x'.repeat(1000);
  const { template } = parseTemplate('Sum up: {{stdin}}', () => ({ text: input }));
  expect(template).toEqual([{ text: 'Sum up: ' }, { text: input, isFilled: true }]);
});

test('needs are named once, in the order of their first mention', () => {
  expect(templateNeeds(parseTemplate('{{b}} {{a}} {{b}}', toOutput).template)).toEqual(['b', 'a']);
});

test('a template is shown as it was typed, outputs by their names', () => {
  expect(showTemplate(parseTemplate('Use {{ steps.plan }} now', () => ({ output: 'plan' })).template)).toBe(
    'Use {{plan}} now',
  );
});

test('the own words of a prompt leave out what other tasks bring', () => {
  expect(ownText(parseTemplate('fix {{plan}} please', toOutput).template)).toBe('fix   please');
});

test('the own words of a prompt leave out what placeholders brought in, unless they brought all of it', () => {
  const own = (source: string): string => ownText(parseTemplate(source, () => ({ text: 'def f(): pass' })).template);
  expect([own('Sum up: {{stdin}}'), own('{{stdin}}')]).toEqual(['Sum up:  ', 'def f(): pass']);
});

test('placeholders are listed without those that are escaped', () => {
  expect(placeholdersOf('{{ a }} \\{{b}} {{c}}')).toEqual(['a', 'c']);
});

test('an opening brace before a long run of blanks costs no more than its length', () => {
  const source = '{{' + ' '.repeat(5_000);
  expect(parseTemplate(source, toOutput).template).toEqual([{ text: source }]);
});
