import fc from 'fast-check';
import { expect, test } from 'vitest';
import { asciiTokens } from '../../src/lib/ascii-tokens.ts';
import { patternTokens } from '../../src/lib/estimate-tokens.ts';

const ascii = fc.string({ unit: 'binary-ascii' });
const pieces = fc.oneof(
  ascii,
  fc.constantFrom('camelCase', 'HTTPServer', 'aaaa', '====', '    ', '\n\n', '12345', '--'),
);

test('plain ASCII is estimated the same by characters and by patterns', () => {
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      const text = parts.join('');
      expect(asciiTokens(text)).toBe(patternTokens(text));
    }),
    { numRuns: 2000 },
  );
});
