import { ProblemError } from '../../errors/problem.ts';
import type { Guard } from './define-guard.ts';

/** A form of any page can post without asking first, but not JSON. Programs need not say what they send: plain `curl -d` works. */
export const contentType: Guard = {
  name: 'content-type',
  summary: 'Bodies sent by pages that are not declared as JSON',
  check: ({ method, headers }) => {
    const isFromPage = headers.has('origin') || headers.has('sec-fetch-site');
    if (!isFromPage || !['POST', 'PUT', 'PATCH'].includes(method)) return;
    if (/^application\/json\s*(?:;|$)/i.test(headers.get('content-type') ?? '')) return;
    const message = 'pages have to declare what they send as application/json';
    throw new ProblemError({ code: 'media-type-refused', message, hint: 'Content-Type: application/json' });
  },
};
