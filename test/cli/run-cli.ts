import { openAgentStore } from '../../src/agents/agent-store.ts';
import type { AgentInput } from '../../src/agents/schema.ts';
import { main } from '../../src/cli/main.ts';
import type { RunEvent, TaskFinished } from '../../src/events/event.ts';
import type { RunDocument, TaskEntry } from '../../src/events/run-document.ts';
import { configDirectory } from '../../src/settings/directories.ts';
import type { FakeOllama } from '../rig/fake-ollama.ts';
import { testHost, type TestHost, type TestHostOptions } from '../rig/test-host.ts';

export interface CliOptions extends TestHostOptions {
  fake?: Pick<FakeOllama, 'url'>;
  /** The agent `tester`; default: one model, llama3.2. */
  agent?: Partial<AgentInput>;
  /** Called as soon as the program runs. */
  onStart?: (host: TestHost) => void;
}

export interface CliResult {
  exit: number;
  stdout: string;
  stderr: string;
}

/** Runs the program in this process, with an agent `tester` of its own. */
export async function cli(argv: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const { fake, agent, onStart, env, ...rest } = options;
  const host = testHost({ ...rest, env: { ...(fake && { OLLAMA_HOST: fake.url }), ...env } });
  const agents = openAgentStore({ directory: configDirectory(host), now: host.clock.now, newId: host.newId });
  await agents.create({ name: 'tester', models: ['llama3.2'], ...agent });
  const ending = main(argv, host);
  onStart?.(host);
  return { exit: await ending, stdout: host.stdout, stderr: host.stderr };
}

/** `run-tasks tester` with these tasks, then other arguments. */
export function runTasks(tasks: readonly string[], more: readonly string[], options: CliOptions): Promise<CliResult> {
  return cli(['run-tasks', 'tester', ...tasks.flatMap((task) => ['--tasks', task]), ...more], options);
}

export function runWorkflow(
  steps: readonly string[],
  more: readonly string[],
  options: CliOptions,
): Promise<CliResult> {
  return cli(['run-workflow', 'tester', ...steps.flatMap((step) => ['--steps', step]), ...more], options);
}

export function documentOf({ stdout }: Pick<CliResult, 'stdout'>): RunDocument {
  return JSON.parse(stdout) as RunDocument;
}

/** The only task of a document. */
export function onlyTask(result: Pick<CliResult, 'stdout'>): TaskEntry {
  const [task, ...more] = documentOf(result).tasks ?? [];
  if (!task || more.length > 0) throw new Error(`not one task: ${result.stdout}`);
  return task;
}

export function eventsOf({ stdout }: Pick<CliResult, 'stdout'>): RunEvent[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as RunEvent);
}

export function finishedOf(result: Pick<CliResult, 'stdout'>): TaskFinished[] {
  return eventsOf(result).filter((event) => event.type === 'task.finished');
}

/** The prompts a server was sent, in the order they came. */
export function promptsOf({ prompts }: Pick<FakeOllama, 'prompts'>): unknown[] {
  return prompts.map(({ body }) => body.prompt ?? body.messages ?? body['input']);
}
