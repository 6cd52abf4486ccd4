import type { RouteDefinition } from '../define-route.ts';
import { changeAgent, createAgent, deleteAgent, listAgents, replaceAgent, showAgent } from './agents.ts';
import { showHealth } from './health.ts';
import { runTasks } from './tasks.ts';
import { runWorkflow } from './workflows.ts';

/** All endpoints, in the order in which documentation lists them. */
export const routes: readonly RouteDefinition[] = [
  ...[createAgent, listAgents, showAgent, replaceAgent, changeAgent, deleteAgent],
  ...[runTasks, runWorkflow],
  showHealth,
];
