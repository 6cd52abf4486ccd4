import { expect, test } from 'vitest';
import { parseYaml } from '../../../../src/spec/yaml/parse-yaml.ts';
import { createSourceText } from '../../../../src/spec/yaml/source-text.ts';
import { entryOf, rangeAt, toValue } from '../../../../src/spec/yaml/yaml-node.ts';

const parse = (text: string): ReturnType<typeof parseYaml> => parseYaml(createSourceText('f.yaml', text));

const valueOf = (text: string): unknown => {
  const { root, problems } = parse(text);
  expect(problems).toEqual([]);
  return root && toValue(root);
};

test.each([
  ['a: 1', { a: 1 }],
  ['a: "1"', { a: '1' }],
  ['a: yes', { a: 'yes' }],
  ['a: true', { a: true }],
  ['a:', { a: null }],
  ['a: ~', { a: null }],
  ['1: x', { '1': 'x' }],
  ['- a\n- [b, {c: d}]', ['a', ['b', { c: 'd' }]]],
  ['a: |\n  x\n  y\n', { a: 'x\ny\n' }],
  ['a: >\n  x\n  y\n', { a: 'x y\n' }],
  ['a: &x [1]\nb: *x', { a: [1], b: [1] }],
  ['__proto__: 1', Object.fromEntries([['__proto__', 1]])],
  ['{"a": {"b": [1, null]}}', { a: { b: [1, null] } }],
])('%j is %j', (text, value) => {
  expect(valueOf(text)).toEqual(value);
});

test.each([
  ['a: b: c', "text with ': ' in it must be in quotes, or stand below a '|'", '"b: c"'],
  ['a: {{x}}', 'text that starts with {{ must be in quotes', '"{{x}}"'],
  ['- a: {{x}} "y"', 'text that starts with {{ must be in quotes', '"{{x}} \\"y\\""'],
  ['a: @x', 'text that starts with @ must be in quotes', '"@x"'],
  ['a: `x`', 'text that starts with ` must be in quotes', '"`x`"'],
])('quotes are asked for in %j', (text, message, quoted) => {
  const { problems } = parse(text);
  expect(problems).toMatchObject([{ message, hint: `did you mean '${quoted}'?` }]);
});

test.each([
  ['a: 1\na: 2', "'a' is given twice"],
  ['a:\n\t- b', 'YAML is indented with blanks, not with tabs'],
  ['a: .nan', '.nan is not a number that can be sent'],
  ['a: !x 1', "tags such as '!name' mean nothing here"],
  ['? [a]\n: b', 'a key is a word'],
  ['a: "\\q"', 'not valid YAML: invalid escape sequence \\q'],
])('%j is refused', (text, message) => {
  expect(parse(text).problems.map((problem) => problem.message)).toEqual([message]);
});

test('a line is told about once, however often the parser stumbles over it', () => {
  const lines = parse('a: |\n  x\n y\n}\n').problems.map(({ location }) => location?.line);
  expect(lines).toEqual([...new Set(lines)]);
});

test('each part knows where it was written', () => {
  const text = 'a: {"b": "cd"}\ne: x {{y}} {{y}}\n';
  const { root } = parse(text);
  if (!root) throw new Error('not parsed');
  const slice = (...[at]: [Parameters<typeof rangeAt>[1]]): string => text.slice(...rangeAt(root, at, text));
  expect(slice({ path: ['a', 'b'], part: 'key' })).toBe('b');
  expect(slice({ path: ['a', 'b'] })).toBe('"cd"');
  expect(slice({ path: ['a', 'b'], part: 'word' })).toBe('cd');
  expect(slice({ path: ['a', 'nowhere'] })).toBe('{"b": "cd"}');
  const piece = { of: 'x {{y}} {{y}}', start: 10, length: 1 };
  expect(rangeAt(root, { path: ['e'], piece }, text)[0]).toBe(text.lastIndexOf('y'));
  expect(entryOf(root, 'e')?.keyRange).toEqual([15, 16]);
});
