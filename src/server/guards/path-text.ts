import { ProblemError } from '../../errors/problem.ts';
import type { Guard } from './define-guard.ts';

/** Programs behind ours may take such a path to end there, or to be two. */
export const pathText: Guard = {
  name: 'path-text',
  summary: 'Paths with control characters',
  check: ({ url: { pathname } }) => {
    if (!/%[01][\da-f]|%7f/i.test(pathname)) return;
    throw new ProblemError({ code: 'usage-invalid', message: 'the path of the request holds control characters' });
  },
};
