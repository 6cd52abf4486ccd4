import { join } from 'node:path';
import { openAgentStore } from '../../src/agents/agent-store.ts';
import type { AgentInput } from '../../src/agents/schema.ts';
import { main } from '../../src/cli/main.ts';
import type { RunDocument } from '../../src/events/run-document.ts';
import { configDirectory } from '../../src/settings/directories.ts';
import type { FakeOllama } from '../rig/fake-ollama.ts';
import { testHost, type TestHost, type TestHostOptions } from '../rig/test-host.ts';
import { documentOf, type CliResult } from './run-cli.ts';

export interface Home {
  path: string;
  journal: string;
  cli: (argv: readonly string[], options?: HomeOptions) => Promise<CliResult>;
}

interface HomeOptions extends TestHostOptions {
  /** Called as soon as the program runs. */
  onStart?: (host: TestHost) => void;
}

/** Commands that share one home, with an agent `tester` in it. */
export async function createHome(fake?: Pick<FakeOllama, 'url'>, agent: Partial<AgentInput> = {}): Promise<Home> {
  const first = testHost();
  const agents = openAgentStore({ directory: configDirectory(first), now: first.clock.now, newId: first.newId });
  await agents.create({ name: 'tester', models: ['llama3.2'], ...agent });
  const env = { OLLAMA_ORCHESTRATE_HOME: first.home, ...(fake && { OLLAMA_HOST: fake.url }) };
  const cli: Home['cli'] = async (argv, { onStart, ...options } = {}) => {
    const host = testHost({ ...options, env: { ...env, ...options.env } });
    const ending = main(argv, host);
    onStart?.(host);
    return { exit: await ending, stdout: host.stdout, stderr: host.stderr };
  };
  return { path: first.home, journal: join(first.home, 'data', 'journal.db'), cli };
}

/** Runs until a request comes that is left without an answer, and is interrupted then. */
export async function interrupted(
  home: Home,
  fake: FakeOllama,
  argv: readonly string[],
  answered = 1,
  options: TestHostOptions = {},
): Promise<CliResult> {
  let host: TestHost | undefined;
  const ending = home.cli(argv, { ...options, onStart: (started) => (host = started) });
  for (let at = 0; at < answered; at += 1) {
    const call = await fake.nextCall();
    await call.send(`first ${at}`);
    await call.finish();
  }
  await fake.nextCall();
  host?.interrupt();
  const ended = await ending;
  fake.release();
  return ended;
}

/** The document of the newest run. */
export async function shown({ cli }: Home): Promise<RunDocument> {
  return documentOf(await cli(['show-run', 'last', '--json']));
}
