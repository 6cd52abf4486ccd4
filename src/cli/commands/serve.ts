import { Command } from 'commander';
import type { Host } from '../../host/host.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { collectGiven, readCount, readGiven } from '../read-options.ts';

export interface ServeOptions extends GlobalFlags {
  port: number;
  listen: string;
  token?: string | undefined;
  allowHost?: string[] | undefined;
  slots?: number | undefined;
  queue?: number | undefined;
  queuePerClient?: number | undefined;
}

/** `serve`: answers HTTP requests until it is told to end, which is how it ends well. */
export function newServeCommand(cli: Cli, run = serve): Command {
  return new Command('serve')
    .description('Answer HTTP requests: agents, tasks and workflows, and all that Ollama itself answers')
    .option('--port <N>', 'port to listen on; 0: any that is free', readCount(0, 65_535), 11_435)
    .option('--listen <ADDRESS>', 'address to listen on; others than this machine need a token', readGiven, '127.0.0.1')
    .option('--token <TEXT|@FILE>', 'what clients have to send as Authorization: Bearer TEXT', readGiven)
    .option('--allow-host <URL>', 'Ollama server that agents sent over HTTP may name; may be repeated', collectGiven)
    .option('--slots <N>', 'most requests at once per Ollama server and model (default 4)', readCount(1, 1024))
    .option('--queue <N>', 'most requests waiting; more are told to come again (default 512)', readCount(0, 100_000))
    .option(
      '--queue-per-client <N>',
      'most of one client among them (default half of the queue)',
      readCount(0, 100_000),
    )
    .action(cli.action((flags: ServeOptions) => run(flags, cli.host)));
}

export async function serve(flags: ServeOptions, host: Host): Promise<number> {
  const server = await import('../../server/serve.ts');
  const { port, listen: address, token, allowHost: allowedHosts, slots, queue: waiting, configDir } = flags;
  const limits = { slots, waiting, waitingPerClient: flags.queuePerClient };
  const options = { port, address, token, host: flags.host, allowedHosts, ...limits, configDirectory: configDir };
  await server.serve(options, host);
  return 0;
}
