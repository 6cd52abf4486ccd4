import { ProblemError } from '../../errors/problem.ts';
import type { Guard } from './define-guard.ts';

/** Two names are one thing to us, and may be another to what stands in between. */
export const oneHost: Guard = {
  name: 'one-host',
  summary: 'Requests that name more than one host',
  check: ({ url, headers }) => {
    const named = headers.get('host');
    if (named === null || hostOf(named, url) === url.host) return;
    throw new ProblemError({ code: 'usage-invalid', message: 'the request names more than one host' });
  },
};

function hostOf(text: string, { protocol }: URL): string | undefined {
  return URL.canParse(`${protocol}//${text}`) ? new URL(`${protocol}//${text}`).host : undefined;
}
