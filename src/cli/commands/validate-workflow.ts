import { Command } from 'commander';
import { catalogue } from '../../errors/catalogue.ts';
import type { WorkflowCheck } from '../../app/workflow-check.ts';
import type { Host } from '../../host/host.ts';
import { neutralizeLine } from '../../lib/neutralize.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { printJson, printText } from '../print.ts';
import { outputOption } from '../read-options.ts';

export interface ValidateWorkflowOptions extends GlobalFlags {
  file: string;
}

/** `validate-workflow FILE`: tells all that is wrong with a workflow file. */
export function newValidateWorkflowCommand(cli: Cli, run = validateWorkflow): Command {
  return new Command('validate-workflow')
    .description('Check a workflow file; needs no server and no agent')
    .argument('<FILE|->', 'the file, YAML or JSON')
    .addOption(outputOption('text', 'json'))
    .action(cli.action((file: string, flags: GlobalFlags) => run({ ...flags, file }, cli.host)));
}

export async function validateWorkflow(options: ValidateWorkflowOptions, host: Host): Promise<number> {
  const { createOrchestrator } = await import('../../app/create-orchestrator.ts');
  const check = await createOrchestrator({ host, configDirectory: options.configDir }).validateWorkflow(options.file);
  const { problems, warnings } = check;
  if (options.output === 'json') printJson(host, { problems, ...(warnings.length > 0 && { warnings }) });
  else await tell(check, options, host);
  const [first] = problems;
  return first ? catalogue[first.code].exit : 0;
}

async function tell(
  { problems, warnings, steps }: WorkflowCheck,
  { file, quiet = false }: ValidateWorkflowOptions,
  host: Host,
): Promise<void> {
  if (!quiet) {
    for (const { task, message } of warnings)
      host.io.stderr.write(`warning: ${neutralizeLine(`${task}: ${message}`)}\n`);
  }
  const { writeProblem } = await import('../report-failure.ts');
  for (const problem of problems) writeProblem(problem, host);
  if (problems.length > 0) return;
  const count = steps.length === 1 ? '1 step' : `${steps.length} steps`;
  printText(host, `${file === '-' ? 'standard input' : file} is valid: ${count}\n`);
}
