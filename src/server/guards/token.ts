import { createHash, timingSafeEqual } from 'node:crypto';
import { ProblemError } from '../../errors/problem.ts';
import type { Guard } from './define-guard.ts';

/** For clients that need `Authorization` for the Ollama server behind ours. */
export const tokenHeader = 'x-ollama-orchestrate-token';

/** Where there is a token, whoever does not show it is turned away. */
export const token: Guard = {
  name: 'token',
  summary: 'Where there is a token: requests without it',
  check: ({ headers, isOpen }, { token: expected }) => {
    if (expected === undefined || isOpen) return;
    const shown = shownTokens(headers);
    if (shown.some((text) => isToken(text, expected))) return;
    const isMissing = shown.length === 0;
    const message = isMissing ? 'this server wants a token' : 'this is not the token of this server';
    throw new ProblemError({ code: 'token-refused', message, hint: 'send it as Authorization: Bearer TOKEN' });
  },
};

/** What a request shows for a token. */
export function shownTokens(headers: Headers): string[] {
  return [headers.get(tokenHeader), bearerOf(headers)].filter((text) => text !== null);
}

/** The token in `Authorization`, which may be meant for somebody else. */
export function bearerOf(headers: Headers): string | null {
  return /^Bearer\s+(.*?)\s*$/is.exec(headers.get('authorization') ?? '')?.[1] ?? null;
}

/** Takes as long for a token that is nearly right as for any other. */
export function isToken(text: string | null, expected: string): boolean {
  return text !== null && timingSafeEqual(digest(text), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
