import { z } from 'zod';
import { surveyHosts } from '../../app/survey-hosts.ts';
import type { Fleet } from '../../ollama/fleet.ts';
import { defineRoute } from '../define-route.ts';
import { json } from '../respond.ts';

const listedModel = z.object({
  name: z.string(),
  digest: z.string(),
  size_bytes: z.int(),
  capabilities: z.array(z.string()).optional(),
  context_length: z.int().optional().describe('the longest it was trained for, in tokens'),
  hosts: z.array(z.string()).describe('the servers that have it'),
  loaded_on: z.array(z.string()).describe('those that have it in memory now'),
});

type ListedModel = z.input<typeof listedModel>;

/** `GET /api/orchestration/models`. */
export const listModels = defineRoute({
  method: 'GET',
  path: '/api/orchestration/models',
  summary: 'The models on all Ollama servers behind this one, and what they can do',
  answers: { 200: { description: 'The models', schema: z.object({ models: z.array(listedModel) }) } },
  handle: async ({ server: { host, settings } }) => {
    const fleet = await surveyHosts(settings.hosts, host, 'models');
    const problems = fleet.hosts.flatMap(({ problem }) => problem ?? []);
    return json({ models: toListedModels(fleet), ...(problems.length > 0 && { problems }) });
  },
});

/** One entry for the same weights under the same name, wherever they are. */
function toListedModels({ hosts }: Fleet): ListedModel[] {
  const listed = new Map<string, ListedModel>();
  for (const { url, models } of hosts) {
    for (const { loaded, ...model } of models) {
      const key = `${model.name} ${model.digest}`;
      const entry = listed.get(key) ?? { ...model, hosts: [], loaded_on: [] };
      entry.hosts.push(url);
      if (loaded) entry.loaded_on.push(url);
      listed.set(key, entry);
    }
  }
  return [...listed.values()];
}
