import { wellKnownFunctions } from '@actions/expressions';
import { expect, test } from 'vitest';
import { checkExpression, type CheckedExpression } from '../../../../src/spec/expression/check-expression.ts';
import { statusFunctions } from '../../../../src/spec/expression/expression.ts';
import { expressionFunctions } from '../../../../src/spec/expression/expression-functions.ts';
import type { PlaceholderScope } from '../../../../src/spec/template/placeholders.ts';

const names = ['plan', 'a.b', '2nd', 'constructor', 'own'];

const scope = (changes: Partial<PlaceholderScope> = {}): PlaceholderScope => ({
  names,
  positions: new Map(names.map((name, index) => [name, index])),
  index: names.length - 1,
  vars: { lang: 'Go', list: '[1]', x: '1', X: '2' },
  env: (name) => (name === 'HOME' ? '/home/me' : undefined),
  ...changes,
});

const check = (
  text: string,
  key: 'if' | 'foreach' = 'if',
  changes: Partial<PlaceholderScope> = {},
): CheckedExpression => checkExpression(text, { key, place: 'own' }, scope(changes));

/** The code, the marked words and the hint of each finding. */
const findingsOf = ({ findings }: CheckedExpression): unknown[] =>
  findings.map(({ code, hint, at }) => {
    const { of = '', start = 0, length = 0 } = at?.piece ?? {};
    return [code, of.slice(start, start + length), hint];
  });

test('an expression holds all it takes from outside the run', () => {
  const text = "Success() && steps.Plan.output != '' && steps['a.b'].status == 'failed' && vars.LANG == env.home";
  const { expression, findings } = check(`\${{ ${text} }}`);
  expect(findings).toEqual([]);
  expect(expression).toEqual({
    source: text,
    calls: ['success'],
    steps: ['plan', 'a.b'],
    vars: { lang: 'Go' },
    env: {},
  });
});

test('every function that is documented is one, and every one is documented', () => {
  const names = Object.keys(expressionFunctions);
  expect(names.map((name) => name.toLowerCase()).toSorted()).toEqual(
    [...Object.keys(wellKnownFunctions), ...statusFunctions].toSorted(),
  );
});

test('an environment variable that is set comes along', () => {
  expect(check("env.HOME != ''").expression?.env).toEqual({ HOME: '/home/me' });
});

test('what was piped in comes along where it is read', () => {
  expect(check('fromJSON(Stdin)[0] == 1', 'if', { stdin: '[1]' }).expression?.stdin).toBe('[1]');
  expect(check('success()', 'if', { stdin: '[1]' }).expression?.stdin).toBeUndefined();
});

test.each([
  ['stdin', 'foreach', ['expression-invalid', 'stdin', "did you mean 'fromJSON(stdin)'?"]],
  ['stdin.files', 'foreach', ['expression-invalid', 'stdin.files', "did you mean 'fromJSON(stdin).files'?"]],
  ['stdin[0]', 'if', ['expression-invalid', 'stdin[0]', "did you mean 'fromJSON(stdin)[0]'?"]],
] as const)('what is piped in is a text: %s as %s', (text, key, finding) => {
  expect(findingsOf(check(text, key, { stdin: '[1]' }))).toEqual([finding]);
});

test('where nothing is piped in, it is told', () => {
  expect(findingsOf(check('fromJSON(stdin)', 'foreach'))).toEqual([
    ['placeholder-unset', 'stdin', 'pipe text in: … < file'],
  ]);
});

test('where each step is named first is told', () => {
  const at = check("${{ steps.plan.output == '' || steps.plan.status == 'failed' }}").references.get('plan');
  expect(at).toMatchObject({ path: ['if'], piece: { start: 10, length: 4 } });
});

test.each([
  'true',
  '0',
  "''",
  'always()',
  'steps.plan.output',
  'contains(fromJSON(\'["a"]\'), vars.lang)',
  "fromJSON(steps.plan.output)[0].title == 'it''s'",
  "case(success(), 'a', 'b')",
  "steps['2nd'].output == ''",
])('%s is an expression', (text) => {
  expect(check(text).findings).toEqual([]);
});

test.each([
  ['', '', /^for example success\(\)/],
  ['${{ }}', '', /^for example/],
  ['success() &&', '&&', undefined],
  ['(success()', ')', undefined],
  ['success() success()', 'success', undefined],
  ['contains(vars.lang)', 'contains', undefined],
  ['success(1)', 'success', undefined],
  ["case(true, 'a', 'b', 'c')", 'case', undefined],
  [`${'('.repeat(60)}1${')'.repeat(60)}`, '(', undefined],
  ['"a" == vars.lang', '"a"', /^did you mean ''a''\?$/],
  ["vars.lang == 'a", "'a", /quote/],
  ['vars.lang = env.HOME', '=', /^did you mean '=='/],
  ['vars.lang === env.HOME', '===', /^did you mean '=='/],
  ['vars.lang !== env.HOME', '!==', /^did you mean '!='/],
  ['success() & true', '&', /'&&'/],
  ['success() | true', '|', /'\|\|'/],
  ['success() and true', 'and', /'&&'/],
  ['True', 'True', /'true'/],
  ['vars.lang + 1', '+', /^format/],
  ['{{plan}} == 1', '{{plan}}', /'steps\.plan\.output'/],
  ['{{vars.lang}} == 1', '{{vars.lang}}', /'vars\.lang'/],
  ['{{item}} == 1', '{{item}}', undefined],
  ['true && ${{ success() }}', '${{ success() }}', /'success\(\)'/],
  ['${{ success()', '${{', undefined],
  ['alwyas()', 'alwyas', /'always'/],
  ["hashFiles('a')", 'hashFiles', /^known: success, .*contains/],
  ['always', 'always', /'always\(\)'/],
  ['plan', 'plan', /'steps\.plan\.output'/],
  ['lang', 'lang', /'vars\.lang'/],
  ['item', 'item', /prompts/],
  ['needs.plan.result', 'needs.plan.result', /'steps\.plan\.status'/],
  ['inputs.lang', 'inputs', /'vars'/],
  ['github.ref', 'github', /^known: vars, env, steps/],
  ['steps', 'steps', /^write steps\.NAME/],
  ['steps[vars.lang].output', 'steps', /^write steps\.NAME/],
  ['steps.plan', 'steps.plan', /'steps\.plan\.output'/],
  ['steps.plan.ouput', 'ouput', /'output'/],
  ['steps.plan.outcome', 'outcome', /'status'/],
  ['steps.plan.outputs.a', 'steps.plan.outputs.a', /'fromJSON\(steps\.plan\.output\)\.a'/],
  ['steps.plan.title', 'title', /fromJSON\(steps\.plan\.output\)\.title/],
  ["steps['a.b'].output['x y']", "steps['a.b'].output['x y']", /'fromJSON\(steps\['a\.b'\]\.output\)\['x y'\]'/],
  ['steps.plan.output[vars.list]', 'steps.plan.output', /'fromJSON\(steps\.plan\.output\)'/],
  ['steps.plan.status.x', 'steps.plan.status.x', /'steps\.plan\.status'/],
  ["steps.plan.status == 'success'", 'success', /'completed'/],
  ["'faild' != steps.plan.status", 'faild', /'failed'/],
  ["steps.plan.status == 'fine'", 'fine', /^known: completed/],
  ['steps.2nd.output', 'steps.2nd', /'steps\['2nd'\]'/],
  ['steps.constructor.output', 'constructor', /another name/],
  ['vars', 'vars', /^write vars\.NAME/],
  ['vars.lang.x', 'vars.lang.x', /'fromJSON\(vars\.lang\)\.x'/],
  ['vars.x', 'x', /another name/],
])('%s is no expression: %s', (text, words, hint) => {
  const expected = hint === undefined ? undefined : (expect.stringMatching(hint) as unknown);
  expect(findingsOf(check(text))).toEqual([['expression-invalid', words, expected]]);
});

test.each([
  ['steps.plam.output', 'step-unknown', 'plam', /'plan'/],
  ['steps.a.b.output', 'step-unknown', 'steps.a.b', /'steps\['a\.b'\]'/],
  ['steps.own.status', 'cycle', 'own', /success\(\)/],
  ['vars.lng', 'placeholder-unset', 'lng', /^did you mean 'lang'\?; else add --var lng=…$/],
])('%s is a problem of its own: %s', (text, code, words, hint) => {
  expect(findingsOf(check(text))).toEqual([[code, words, expect.stringMatching(hint)]]);
});

test('a file declares what its expressions may read', () => {
  const declared = { vars: ['lang'], env: ['CI'] };
  expect(findingsOf(check('vars.list == env.CJ && env.ci', 'if', { declared }))).toEqual([
    ['placeholder-unknown', 'list', expect.stringMatching(/add list to 'vars' of the file/)],
    ['placeholder-unknown', 'CJ', expect.stringMatching(/^did you mean 'CI'/)],
  ]);
});

test('all problems of an expression are told', () => {
  const words = findingsOf(check("steps.nope.output = foo() & vars.nope == '"));
  expect(words.map((finding) => (finding as string[])[1])).toEqual(['=', '&', "'", 'nope', 'foo', 'nope']);
});

test('a very long expression is refused', () => {
  expect(check(`'${'x'.repeat(30_000)}'`).findings).toMatchObject([
    { message: expect.stringContaining('at most') as string },
  ]);
});

test('a constant that has no value is told before the run', () => {
  expect(check("fromJSON('[1')").findings).toMatchObject([{ code: 'expression-invalid' }]);
});

test.each([
  'fromJSON(steps.plan.output)',
  'fromJSON(vars.list).a',
  "fromJSON('[1]')",
  "success() && fromJSON('[]')",
  'fromJSON(steps.plan.output).*.name',
])('%s may give a list', (text) => {
  expect(check(text, 'foreach').findings).toEqual([]);
});

test.each([
  ['steps.plan.output', "did you mean 'fromJSON(steps.plan.output)'?"],
  ['vars.list', "did you mean 'fromJSON(vars.list)'?"],
  ['toJSON(fromJSON(vars.list))', "did you mean 'fromJSON(toJSON(fromJSON(vars.list)))'?"],
  ["'a'", 'for example fromJSON(steps.NAME.output)'],
  ['success()', 'for example fromJSON(steps.NAME.output)'],
  ['!success()', 'for example fromJSON(steps.NAME.output)'],
  ["fromJSON('{}')", 'for example fromJSON(steps.NAME.output)'],
])('%s gives no list', (text, hint) => {
  expect(findingsOf(check(text, 'foreach'))).toEqual([['expression-invalid', text, hint]]);
});
