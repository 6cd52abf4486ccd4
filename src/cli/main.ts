import type { Host } from '../host/host.ts';
import { createCli } from './cli.ts';
import { quickAnswer } from './quick-answer.ts';

/**
 * The program. In: what the user typed and the outside world. Out: the exit code.
 * This is the only place that catches what goes wrong, and tells it.
 */
export async function main(argv: readonly string[], host: Host): Promise<number> {
  try {
    return await run(argv.length === 0 ? ['--help'] : argv, host);
  } catch (error) {
    if (isHelp(error)) return 0;
    const { reportFailure } = await import('./report-failure.ts');
    return reportFailure(error, host, { verbose: argv.includes('--verbose') });
  }
}

async function run(argv: readonly string[], host: Host): Promise<number> {
  const text = quickAnswer(argv, host.io.stdout.columns);
  if (text !== undefined) {
    host.io.stdout.write(text);
    return 0;
  }
  const { createProgram } = await import('./program.ts');
  const { cli, exitCode } = createCli(host);
  await createProgram(cli).parseAsync(argv, { from: 'user' });
  return exitCode();
}

/** How commander ends a program whose help or version was printed. */
function isHelp(error: unknown): boolean {
  return error instanceof Error && 'exitCode' in error && error.exitCode === 0;
}
