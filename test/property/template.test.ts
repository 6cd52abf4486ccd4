import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  fillTemplate,
  parseTemplate,
  placeholdersOf,
  showTemplate,
  type Template,
} from '../../src/spec/template/template.ts';

/** Text in which braces, backslashes and blanks are as likely as anything else. */
const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom('{', '}', '{{', '}}', '\\', '\\{{', ' ', '\n', '{{a}}', '{{ b }}'),
      fc.string({ unit: 'grapheme' }),
    ),
    {
      maxLength: 12,
    },
  )
  .map((pieces) => pieces.join(''));

const toOutputs = (source: string): Template =>
  parseTemplate(source, (expression) => ({ output: expression })).template;

const merge = (template: Template): Template => toOutputs(showTemplate(template));

test('what is shown of a template is read as the same template', () => {
  fc.assert(
    fc.property(hostileText, (source) => {
      const template = toOutputs(source.replaceAll('\\', '/'));
      expect(merge(template)).toEqual(template);
    }),
  );
});

test('a text of which every placeholder stays as typed is not changed, but for escaped braces', () => {
  fc.assert(
    fc.property(hostileText, (source) => {
      const { template } = parseTemplate(source, () => ({ verbatim: true }));
      expect(fillTemplate(template, () => 'x')).toBe(source.replaceAll('\\{{', '{{'));
    }),
  );
});

test('no output, value or prompt file brings in a placeholder of its own', () => {
  fc.assert(
    fc.property(hostileText, hostileText, hostileText, (before, output, after) => {
      const clean = (text: string): string => text.replaceAll(/[{}\\]/g, '');
      const asOutput = toOutputs(`${clean(before)}{{a}}${clean(after)}`);
      const asValue = parseTemplate(`${clean(before)}{{a}}${clean(after)}`, () => ({ text: output })).template;
      const expected = `${clean(before)}${output}${clean(after)}`;
      expect([fillTemplate(asOutput, () => output), fillTemplate(asValue, () => 'never')]).toEqual([
        expected,
        expected,
      ]);
    }),
  );
});

test('every escaped pair of braces is literal, and no placeholder', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', ' ', '\n', '}', '\\{{')), (pieces) => {
      const source = pieces.join('');
      expect([placeholdersOf(source), fillTemplate(toOutputs(source), () => 'x')]).toEqual([
        [],
        pieces.map((piece) => (piece === '\\{{' ? '{{' : piece)).join(''),
      ]);
    }),
  );
});

test('segments follow each other without gaps: no empty text, no two typed texts side by side', () => {
  fc.assert(
    fc.property(hostileText, (source) => {
      const template = toOutputs(source);
      const texts = template.map((segment) => 'text' in segment);
      expect(template.every((segment) => !('text' in segment) || segment.text !== '')).toBe(true);
      expect(texts.some((isText, index) => isText && texts[index + 1] === true)).toBe(false);
    }),
  );
});
