import { describe, expect, it } from 'vitest';
import { cleanText, secretsOf } from '../../../src/ollama/clean-text.ts';

describe('cleanText', () => {
  it('makes one line without control characters', () => {
    expect(cleanText(' a\u001b[2J\r\n\tb\u202ec\u0085d ')).toBe('a [2J b c d');
  });

  it('cuts between characters', () => {
    expect(cleanText('🎉🎉🎉', [], 4)).toBe('🎉…');
  });

  it('hides the secrets of a header and its token', () => {
    const secrets = secretsOf({ Authorization: 'Bearer t0ken', 'X-Short': 'no' });
    expect(cleanText('Bearer t0ken, t0ken, no', secrets)).toBe('***, ***, no');
  });
});
