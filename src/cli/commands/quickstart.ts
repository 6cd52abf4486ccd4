import { Command } from 'commander';
import type { RunRequest } from '../../app/load-parts.ts';
import type { QuickstartModel } from '../quickstart-model.ts';
import type { Host } from '../../host/host.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { readCount } from '../read-options.ts';

export interface QuickstartOptions extends GlobalFlags {
  seed?: number | undefined;
}

/** `quickstart`: the whole tool on a real model, without any preparation. */
export function newQuickstartCommand(cli: Cli, run = quickstart): Command {
  return new Command('quickstart')
    .description('See it work: set up what is missing, then run tasks and a workflow on a real model')
    .option('--seed <N>', 'seed of the answers; the same seed gives the same texts', readCount(0, 2 ** 31 - 1))
    .action(cli.action((flags: QuickstartOptions) => run(flags, cli.host)));
}

export async function quickstart(options: QuickstartOptions, host: Host): Promise<number> {
  const { findModel } = await import('../quickstart-model.ts');
  const { model, backend, host: address } = await findModel(options, host);
  say(host, options, `using ${model} on ${address ?? 'the built-in engine'}`);
  const agent = await keepAgent(model, backend, options, host);
  say(host, options, '', '1. Three tasks, in parallel:', ...shown('run-tasks', '--tasks', tasks));
  const first = await run({ run_type: 'tasks', agent, flags: tasks }, address, options, host);
  if (first !== 0) return first;
  say(
    host,
    options,
    '',
    '2. A workflow: each step uses the output of another:',
    ...shown('run-workflow', '--steps', steps),
  );
  const second = await run({ run_type: 'workflow', agent, flags: steps }, address, options, host);
  if (second === 0) say(host, options, '', 'Now try your own:', ...next(model, backend));
  return second;
}

const agentName = 'quickstart';

const tasks = [
  'generate:Explain in two sentences what the ocean is.',
  'generate:Name three things to pack for a day at the beach.',
  'chat:What is a good name for a small sailing boat?',
];

const steps = [
  'topics:generate:Name three topics for a short talk about the sea.',
  'opening:generate:Write two opening sentences for a talk on these topics: {{topics}}',
  'title:generate:Write one short title for this text: {{opening}}',
];

/** The agent of the quickstart, made anew: which model there is may have changed. */
async function keepAgent(
  model: string,
  backend: QuickstartModel['backend'],
  options: QuickstartOptions,
  host: Host,
): Promise<string> {
  const { openAgents } = await import('../open-agents.ts');
  const agents = await openAgents(host, options);
  const config = { backend, options: { num_predict: 120 } };
  const description = 'Made by quickstart; yours to change or delete';
  await agents.create({ name: agentName, description, models: [model], config }, { force: true });
  return agentName;
}

async function run(
  request: Pick<RunRequest, 'run_type' | 'agent' | 'flags'>,
  address: string | undefined,
  { seed, ...flags }: QuickstartOptions,
  host: Host,
): Promise<number> {
  const { runCommand } = await import('../run-command.ts');
  const hosts = address === undefined ? undefined : [address];
  return runCommand(
    { ...request, hosts, options: seed === undefined ? {} : { seed } },
    { ...flags, output: 'text' },
    host,
  );
}

/** What the quickstart itself says goes to stderr: stdout holds the models' answers. */
function say({ io }: Host, { quiet }: GlobalFlags, ...lines: string[]): void {
  if (quiet !== true) io.stderr.write(`${lines.join('\n')}\n`);
}

function shown(command: string, flag: string, values: readonly string[]): string[] {
  return [
    `   ollama-orchestrate ${command} ${agentName} \\`,
    ...values.map((value) => `     ${flag} "${value}" \\`),
  ].map((line, index, { length }) => (index === length - 1 ? line.slice(0, -2) : line));
}

function next(model: string, backend: QuickstartModel['backend']): string[] {
  const setting = backend === 'ollama' ? '' : ` --set backend=${backend}`;
  return [
    `   npx ollama-orchestrate create-agent mine --models ${model}${setting}`,
    '   npx ollama-orchestrate run-tasks mine --tasks "generate:Write a haiku" --tasks "chat:Tell me a joke"',
    '   npx ollama-orchestrate --help',
  ];
}
