/**
 * Run agents, parallel tasks and workflows on Ollama models.
 *
 * @example
 * const orchestrator = createOrchestrator();
 * await orchestrator.agents.create({ name: 'helper', models: ['llama3.2'] });
 * const run = await orchestrator.runTasks({ agent: 'helper', tasks: [{ type: 'generate', input: 'Say hello' }] });
 */
export { createOrchestrator } from './app/create-orchestrator.ts';
export type {
  Orchestrator,
  OrchestratorOptions,
  RunHooks,
  TasksRequest,
  WorkflowRequest,
} from './app/create-orchestrator.ts';
export type { ResumeOptions, RetryOptions } from './app/resume-run.ts';
export type { WorkflowCheck } from './app/workflow-check.ts';
export { defineTask } from './tasks/define-task.ts';
export type { TaskCall, TaskContext, TaskDefinition, TaskOutcome } from './tasks/define-task.ts';
export { ProblemError } from './errors/problem.ts';
export type { Problem } from './errors/problem.ts';
export type { RunEvent } from './events/event.ts';
export type { RunFilter, RunStore } from './journal/run-store.ts';
export type { RunDocument, TaskEntry } from './events/run-document.ts';
export type { Agent, AgentInput } from './agents/schema.ts';
