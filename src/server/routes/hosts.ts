import { z } from 'zod';
import { surveyHosts } from '../../app/survey-hosts.ts';
import type { FleetHost } from '../../ollama/fleet.ts';
import { defineRoute } from '../define-route.ts';
import { problemSchema } from '../problem-schema.ts';
import { json } from '../respond.ts';

const listedHost = z.object({
  url: z.string(),
  state: z.enum(['up', 'down']),
  version: z.string().optional(),
  models: z.int().describe('how many are installed'),
  loaded: z.array(z.string()).describe('models in memory now'),
  problem: problemSchema.optional(),
});

/** `GET /api/orchestration/hosts`. */
export const listHosts = defineRoute({
  method: 'GET',
  path: '/api/orchestration/hosts',
  summary: 'The Ollama servers behind this one, as they are now',
  answers: { 200: { description: 'The servers', schema: z.object({ hosts: z.array(listedHost) }) } },
  handle: async ({ server: { host, settings } }) => {
    const { hosts } = await surveyHosts(settings.hosts, host);
    return json({ hosts: hosts.map(toListedHost) });
  },
});

function toListedHost({ url, version, models, problem }: FleetHost): z.input<typeof listedHost> {
  const loaded = models.filter((model) => model.loaded).map(({ name }) => name);
  const state = problem ? 'down' : 'up';
  return {
    url,
    state,
    ...(version !== undefined && { version }),
    models: models.length,
    loaded,
    ...(problem && { problem }),
  };
}
