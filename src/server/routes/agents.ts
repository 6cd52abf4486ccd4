import { z } from 'zod';
import { hideSecrets } from '../../agents/hide-secrets.ts';
import { mergePatch } from '../../agents/merge-patch.ts';
import { agentInputSchema, agentSchema, type AgentInput } from '../../agents/schema.ts';
import { checkAgent } from '../check-agent.ts';
import { defineRoute, type RouteAnswer } from '../define-route.ts';
import { json } from '../respond.ts';

const path = '/api/orchestration/agents';
const found: RouteAnswer = { description: 'The agent', schema: 'agent' };

// Bodies are looked over by the agent store, which has the last word anyway and tells all that is wrong.
const anything = z.unknown();
const replacement = agentInputSchema.partial({ name: true });

/** `GET /api/orchestration/agents`. */
export const listAgents = defineRoute({
  method: 'GET',
  path,
  summary: 'All agents, oldest first',
  answers: { 200: { description: 'The agents', schema: z.object({ agents: z.array(agentSchema) }) } },
  handle: async ({ server }) => {
    const { agents, damaged } = await server.orchestrator.agents.list();
    return json({ agents: agents.map(hideSecrets), ...(damaged.length > 0 && { problems: damaged }) });
  },
});

/** `POST /api/orchestration/agents`. */
export const createAgent = defineRoute({
  method: 'POST',
  path,
  summary: 'Keep a new agent',
  body: { schema: anything, documented: agentInputSchema, example: { name: 'helper', models: ['llama3.2'] } },
  answers: { 201: found },
  handle: async ({ body, server }) => {
    checkAgent(body, server.settings);
    return json(hideSecrets(await server.orchestrator.agents.create(body)), 201);
  },
});

/** `GET /api/orchestration/agents/:id`. */
export const showAgent = defineRoute({
  method: 'GET',
  path: `${path}/:id`,
  summary: 'An agent, by name or id',
  answers: { 200: found },
  handle: async ({ params: { id = '' }, server }) => json(hideSecrets(await server.orchestrator.agents.get(id))),
});

/** `PUT /api/orchestration/agents/:id`. */
export const replaceAgent = defineRoute({
  method: 'PUT',
  path: `${path}/:id`,
  summary: 'Put another in the place of all that was said about an agent; its id and `created_at` stay',
  body: { schema: anything, documented: replacement, example: { models: ['llama3.2', 'mistral'] } },
  answers: { 200: found },
  handle: async ({ params: { id = '' }, body, server }) => {
    checkAgent(body, server.settings);
    return json(hideSecrets(await server.orchestrator.agents.replace(id, () => body)));
  },
});

/** `PATCH /api/orchestration/agents/:id`. */
export const changeAgent = defineRoute({
  method: 'PATCH',
  path: `${path}/:id`,
  summary: 'Change a part of an agent: objects merge, lists replace, `null` removes (RFC 7396)',
  body: {
    schema: anything,
    documented: z.record(z.string(), z.unknown()),
    example: { config: { default_model: 'llama3.2' } },
  },
  answers: { 200: found },
  handle: async ({ params: { id = '' }, body, server }) => {
    checkAgent(body, server.settings);
    const change = (current: AgentInput): unknown => mergePatch(current, body);
    return json(hideSecrets(await server.orchestrator.agents.replace(id, change)));
  },
});

/** `DELETE /api/orchestration/agents/:id`. */
export const deleteAgent = defineRoute({
  method: 'DELETE',
  path: `${path}/:id`,
  summary: 'Take an agent away',
  answers: { 204: { description: 'It is gone' } },
  handle: async ({ params: { id = '' }, server }) => {
    await server.orchestrator.agents.delete([id]);
    return new Response(null, { status: 204 });
  },
});
