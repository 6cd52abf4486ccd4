import { Command } from 'commander';
import type { Host } from '../../host/host.ts';
import { withoutUndefined } from '../../lib/without-undefined.ts';
import type { Cli, GlobalFlags } from '../cli.ts';
import { collectGiven, readCount, readGiven, readOneFile } from '../read-options.ts';

export interface SimulateOptions extends GlobalFlags {
  port: number;
  listen: string;
  model?: string[] | undefined;
  modelsFile?: string | undefined;
  fault?: string[] | undefined;
  memory?: string | undefined;
  maxLoaded?: number | undefined;
  parallel?: number | undefined;
  maxQueue?: number | undefined;
  serverVersion?: string | undefined;
  timeScale?: string | undefined;
  seed?: number | undefined;
}

/** `simulate`: answers as an Ollama server with models that are made up, until it is told to end. */
export function newSimulateCommand(cli: Cli, run = simulate): Command {
  return new Command('simulate')
    .description('Answer as an Ollama server would, with models that are made up')
    .option('--port <N>', 'port to listen on; 0: any that is free', readCount(0, 65_535), 11_434)
    .option('--listen <ADDRESS>', 'address to listen on', readGiven, '127.0.0.1')
    .option('--model <TEXT>', 'a model: name,size=4GB,load=5s,tokens_per_second=20; may be repeated', collectGiven)
    .option('--models-file <FILE>', 'models, settings and faults, in YAML or JSON', readOneFile)
    .option('--fault <TEXT>', 'what goes wrong: kind=503,model=NAME,at=2,count=1; may be repeated', collectGiven)
    .option('--memory <SIZE>', 'memory for models (default 8GB)', readGiven)
    .option('--max-loaded <N>', 'models in memory at once (default 3)', readCount(1, 1024))
    .option('--parallel <N>', 'requests that a model answers at a time (default 1)', readCount(1, 1024))
    .option('--max-queue <N>', 'requests that may wait for a load (default 512)', readCount(0, 1_000_000))
    .option('--server-version <VERSION>', 'version of Ollama to behave as (default 0.30.0)', readGiven)
    .option('--time-scale <FACTOR>', '0.001: what takes a second takes a millisecond (default 1)', readGiven)
    .option('--seed <N>', 'decides what is left to chance', readCount(0, 2 ** 31 - 1))
    .action(cli.action((flags: SimulateOptions) => run(flags, cli.host)));
}

export async function simulate(flags: SimulateOptions, host: Host): Promise<number> {
  const [simulator, settings] = await Promise.all([
    import('../../simulator/simulate.ts'),
    import('../../simulator/read-settings.ts'),
  ]);
  const { modelsFile, port, listen: address } = flags;
  const file = modelsFile === undefined ? {} : await settings.loadSimulatorFile(modelsFile, host);
  const given = {
    models: flags.model?.map(settings.readModelText),
    faults: flags.fault?.map(settings.readFaultText),
    ...{ memory: flags.memory, max_loaded: flags.maxLoaded, parallel: flags.parallel, max_queue: flags.maxQueue },
    ...{ server_version: flags.serverVersion, time_scale: toNumber(flags.timeScale), seed: flags.seed },
  };
  const simulation = settings.readSimulation({ ...file, ...withoutUndefined(given) }, modelsFile);
  await simulator.simulate({ port, address, simulation }, host);
  return 0;
}

/** What is no number is told with the rest of what is wrong. */
function toNumber(text: string | undefined): number | string | undefined {
  return text === undefined || Number.isNaN(Number(text)) ? text : Number(text);
}
