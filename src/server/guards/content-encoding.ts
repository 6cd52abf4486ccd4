import { ProblemError } from '../../errors/problem.ts';
import type { Guard } from './define-guard.ts';

/** A small body may unpack to a large one. Ollama itself takes some that are packed, and has limits of its own for them. */
export const contentEncoding: Guard = {
  name: 'content-encoding',
  summary: 'Packed bodies, where they are not passed on',
  check: ({ url: { pathname }, headers }) => {
    const encoding = headers.get('content-encoding') ?? 'identity';
    if (encoding.toLowerCase() === 'identity' || !pathname.startsWith('/api/orchestration')) return;
    const message = `bodies packed with '${encoding.slice(0, 40)}' are not taken here`;
    throw new ProblemError({ code: 'media-type-refused', message, hint: 'send it as it is' });
  },
};
