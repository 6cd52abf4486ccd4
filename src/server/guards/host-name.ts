import { ProblemError } from '../../errors/problem.ts';
import { isLoopback } from '../../lib/is-loopback.ts';
import type { Guard } from './define-guard.ts';

/**
 * A page of any site can have its own name point here (DNS rebinding), and then passes for ours. Elsewhere than on loopback
 * the token keeps it out, which such a page does not know; any name may be right there.
 */
export const hostName: Guard = {
  name: 'host-name',
  summary: 'On loopback: requests for a name that is not one of this machine',
  check: ({ url: { hostname } }, { address }) => {
    const isOwn = isLoopback(hostname) || hostname === address;
    if (isOwn || !isLoopback(address)) return;
    const message = `requests for '${hostname.slice(0, 80)}' are not answered here`;
    throw new ProblemError({ code: 'origin-refused', message, hint: 'ask for 127.0.0.1 or localhost' });
  },
};
