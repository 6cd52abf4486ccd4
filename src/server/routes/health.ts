import { z } from 'zod';
import { version } from '../../lib/version.ts';
import { defineRoute } from '../define-route.ts';
import { json } from '../respond.ts';

const health = z.object({
  status: z.literal('ok'),
  version: z.string(),
  runs: z.object({ running: z.int(), waiting: z.int() }),
});

/** `GET /healthz`: whether this server works. Its Ollama servers are another matter: `GET /api/orchestration/hosts`. */
export const showHealth = defineRoute({
  method: 'GET',
  path: '/healthz',
  summary: 'Whether this server works, and what it has to do',
  isOpen: true,
  answers: { 200: { description: 'It does', schema: health } },
  handle: ({ server }) => json({ status: 'ok', version, runs: server.runs.counts }),
});
