import { Command } from 'commander';
import type { Host } from '../../host/host.ts';
import { askMissing } from '../ask-missing.ts';
import type { Cli } from '../cli.ts';
import { collect, readOneFile } from '../read-options.ts';
import { runCommand } from '../run-command.ts';
import { toRunOptions, withRunFlags, type RunFlags } from '../run-flags.ts';

export interface RunWorkflowOptions extends RunFlags {
  agent?: string | undefined;
  steps?: string[] | undefined;
  file?: string | undefined;
}

/** `run-workflow AGENT`: runs steps that pass their outputs on, each as soon as what it refers to is done. */
export function newRunWorkflowCommand(cli: Cli, run = runWorkflow): Command {
  const command = new Command('run-workflow')
    .description('Run a workflow with an agent: steps that use the outputs of others')
    .argument('[AGENT]', 'name or id of the agent; on a terminal it is asked for')
    .option('--steps <NAME:TYPE:PROMPT>', 'a step, e.g. "code:generate:Write it: {{plan}}"; may be repeated', collect)
    .option('--file <FILE|->', 'workflow file, YAML or JSON, in place of --steps', readOneFile);
  return withRunFlags(command)
    .option('--no-fail-fast', 'go on after a failure, whatever the workflow file says')
    .action(
      cli.action((agent: string | undefined, flags: Omit<RunWorkflowOptions, 'agent'>) =>
        run({ ...flags, agent }, cli.host),
      ),
    );
}

export async function runWorkflow(options: RunWorkflowOptions, host: Host): Promise<number> {
  const { steps: flags, file } = options;
  const typed = toRunOptions(options);
  const hasWork = flags !== undefined || file !== undefined;
  const asked = await askMissing(
    { command: 'run-workflow', agent: options.agent, file, vars: typed.vars, hasWork },
    options,
    host,
  );
  return runCommand({ run_type: 'workflow', flags, file, ...typed, ...asked }, options, host);
}
