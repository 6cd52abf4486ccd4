import { ProblemError } from '../../errors/problem.ts';
import type { Guard } from './define-guard.ts';

/** Browsers say which site a page is of that sends a request. Programs say nothing, and are not meant. */
export const origin: Guard = {
  name: 'origin',
  summary: 'Requests of pages of other sites',
  check: ({ headers, url }) => {
    const from = headers.get('origin');
    const isOther = from !== null && from !== url.origin;
    const isCrossSite = ['cross-site', 'same-site'].includes(headers.get('sec-fetch-site') ?? '');
    if (!isOther && !isCrossSite) return;
    const message = `pages of ${from?.slice(0, 80) ?? 'other sites'} may not send requests here`;
    throw new ProblemError({ code: 'origin-refused', message });
  },
};
