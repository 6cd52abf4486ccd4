import { Command } from 'commander';
import type { Installed } from '../../builtin/install-builtin.ts';
import type { Host } from '../../host/host.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { printJson, printText } from '../print.ts';
import { outputOption } from '../read-options.ts';

/** `builtin`: sets up the engine that runs small models without an Ollama server. */
export function newBuiltinCommand(cli: Cli): Command {
  return new Command('builtin')
    .description('Set up the built-in engine, which runs models without Ollama')
    .addCommand(newInstallCommand(cli))
    .addCommand(newListCommand(cli))
    .addCommand(newRemoveCommand(cli));
}

export function newInstallCommand(cli: Cli, run = installBuiltinEngine): Command {
  return new Command('install')
    .description('Download the engine and its starter model')
    .addOption(outputOption('text', 'json'))
    .action(cli.action((flags: GlobalFlags) => run(flags, cli.host)));
}

export function newListCommand(cli: Cli, run = listBuiltin): Command {
  return new Command('list')
    .description('List what is installed')
    .addOption(outputOption('text', 'json'))
    .action(cli.action((flags: GlobalFlags) => run(flags, cli.host)));
}

export function newRemoveCommand(cli: Cli, run = removeBuiltinEngine): Command {
  return new Command('remove')
    .description('Delete the engine and all of its models')
    .addOption(outputOption('text', 'json'))
    .action(cli.action((flags: GlobalFlags) => run(flags, cli.host)));
}

export async function installBuiltinEngine(options: GlobalFlags, host: Host): Promise<number> {
  const [{ installBuiltin }, { dataDirectory }, { createInstallProgress }] = await Promise.all([
    import('../../builtin/install-builtin.ts'),
    import('../../settings/directories.ts'),
    import('../install-progress.ts'),
  ]);
  const progress = createInstallProgress(host, options);
  const { onProgress } = progress;
  const installed = await installBuiltin({ host, dataDirectory: dataDirectory(host), signal: host.signal, onProgress })
    // The line being redrawn ends before a problem is told below it.
    .finally(progress.close);
  if (options.output === 'json') printJson(host, installed);
  else printText(host, formatInstalled(installed));
  return 0;
}

export async function listBuiltin(options: GlobalFlags, host: Host): Promise<number> {
  const [{ surveyBuiltin }, { dataDirectory }, { formatTable }] = await Promise.all([
    import('../../builtin/survey-builtin.ts'),
    import('../../settings/directories.ts'),
    import('../table.ts'),
  ]);
  const found = await surveyBuiltin(dataDirectory(host));
  if (options.output === 'json') printJson(host, found);
  else {
    const rows = found.models.map(({ name, size_bytes, file }) => [name, `${Math.round(size_bytes / 1e6)} MB`, file]);
    const engine = found.engine ? [['engine', found.engine.version, found.engine.directory]] : [];
    printText(host, await formatTable([['NAME', 'SIZE', 'PATH'], ...engine, ...rows]));
  }
  return 0;
}

export async function removeBuiltinEngine(options: GlobalFlags, host: Host): Promise<number> {
  const [{ removeBuiltin }, { dataDirectory }] = await Promise.all([
    import('../../builtin/survey-builtin.ts'),
    import('../../settings/directories.ts'),
  ]);
  const removed = await removeBuiltin(dataDirectory(host));
  if (options.output === 'json') printJson(host, { removed });
  else printText(host, removed.map((path) => `deleted ${path}\n`).join(''));
  return 0;
}

function formatInstalled({ engine, model }: Installed): string {
  const state = (isNew: boolean): string => (isNew ? 'installed in' : 'is already in');
  return [
    `engine ${state(engine.is_new)} ${engine.directory}`,
    `${model.name} ${state(model.is_new)} ${model.file}`,
    '',
  ].join('\n');
}
