import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkExpression } from '../../src/spec/expression/check-expression.ts';
import { evaluate } from '../../src/spec/expression/expression.ts';
import { readTokens } from '../../src/spec/expression/expression-tokens.ts';
import type { PlaceholderScope } from '../../src/spec/template/placeholders.ts';

const names = ['plan', 'a.b', 'own'];

const scope: PlaceholderScope = {
  names,
  positions: new Map(names.map((name, index) => [name, index])),
  index: 2,
  vars: { x: '1' },
  env: (name) => (name === 'HOME' ? '/home/me' : undefined),
};

/** Words of expressions, signs that are none, and anything else, in any order. */
const pieces = [
  'steps',
  'steps.plan.output',
  "steps['a.b'].status",
  'vars.x',
  'env.HOME',
  'success()',
  'fromJSON(',
  'contains(',
  "'text'",
  "''",
  '"x"',
  '==',
  '=',
  '&&',
  '&',
  '!',
  '(',
  ')',
  '[',
  ']',
  ',',
  '.',
  '*',
  '+1',
  '0x1F',
  '${{',
  '}}',
  '{{plan}}',
  ' ',
  '\n',
  '\u00a0',
];
const hostileText = fc
  .array(fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...pieces) }, fc.string({ unit: 'grapheme' })), {
    maxLength: 14,
  })
  .map((words) => words.join(''));

test('any text is an expression or has problems, each marked in the text', () => {
  fc.assert(
    fc.property(hostileText, fc.constantFrom('if' as const, 'foreach' as const), (text, key) => {
      const { expression, findings } = checkExpression(text, { key, place: 'own' }, scope);
      expect(expression === undefined).toBe(findings.length > 0);
      for (const { at } of findings) {
        const { of = '', start = -1, length = -1 } = at?.piece ?? {};
        expect([of, start >= 0, length >= 0, start + length <= text.length]).toEqual([text, true, true, true]);
      }
    }),
  );
});

test('an expression that was found good has a value, or a reason of its own for having none', () => {
  const steps = Object.fromEntries(names.map((name) => [name, { output: '[1]', status: 'completed' as const }]));
  fc.assert(
    fc.property(hostileText, (text) => {
      const { expression } = checkExpression(text, { key: 'if', place: 'own' }, scope);
      if (!expression) return;
      const work = (): unknown => evaluate(expression, { steps, needsFailed: false });
      try {
        work();
      } catch (error) {
        expect(error).toMatchObject({ problem: { code: 'expression-failed' } });
      }
    }),
  );
});

test('tokens stand where they say', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const { tokens, faults } = readTokens(text);
      if (faults.length > 0) return;
      for (const { lexeme, start, end } of tokens) expect(text.slice(start, end)).toBe(lexeme);
    }),
  );
});
