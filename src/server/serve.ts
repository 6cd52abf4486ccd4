// In: how a server is to be run. Out: nothing, once it has stopped. Effects: the socket, the runs, lines on stderr.
import { hidePassword } from '../agents/hide-secrets.ts';
import { toAddresses } from '../app/connect.ts';
import { createOrchestrator } from '../app/create-orchestrator.ts';
import { resolveConfig } from '../app/settings.ts';
import { ProblemError } from '../errors/problem.ts';
import type { Environment, Host } from '../host/host.ts';
import { readTextFile } from '../host/read-text.ts';
import { neutralizeLine } from '../lib/neutralize.ts';
import { createApp, type App } from './create-app.ts';
import { isLoopback } from './is-loopback.ts';
import { listen } from './listen.ts';
import { defaultLimits, type ServerSettings } from './server-settings.ts';

export interface ServeOptions {
  port: number;
  address: string;
  /** `@file` for the text of a file; default: that of the environment. */
  token?: string | undefined;
  /** The Ollama server of all runs, and of what is passed on. */
  host?: string | undefined;
  allowedHosts?: readonly string[] | undefined;
  configDirectory?: string | undefined;
  /** Requests in flight per Ollama server and model. */
  slots?: number | undefined;
  /** How many may wait. */
  waiting?: number | undefined;
  /** How many of one client; default: half of those. */
  waitingPerClient?: number | undefined;
}

/** Serves until the program is told to end. */
export async function serve(options: ServeOptions, host: Host): Promise<void> {
  const settings = await toSettings(options, host);
  const orchestrator = createOrchestrator({ host, configDirectory: options.configDirectory });
  const app = createApp({ host, orchestrator, settings });
  const { url, close } = await listen(app, { address: options.address, port: options.port, clock: host.clock });
  tell(host, `listening on ${url}`);
  void resumeDetached(app, host);
  await untilAborted(host.signal);
  // Runs have been told, too: what they have not done is in the journal.
  await Promise.all([close(), app.untilIdle()]);
  await app.close();
}

async function toSettings(options: ServeOptions, host: Host): Promise<ServerSettings> {
  const { address, allowedHosts = [], slots = defaultLimits.slots, waiting = defaultLimits.waiting } = options;
  const token = await readToken(options, host);
  if (token === undefined && !isLoopback(address)) throw tokenMissing(address);
  const hosts = options.host === undefined ? undefined : [options.host];
  const config = resolveConfig({ config: {} }, { hosts }, host.env);
  return {
    ...{ address, token, hosts, allowedHosts },
    upstream: toAddresses(config.hosts?.value ?? [], host.env),
    limits: { ...defaultLimits, slots, waiting, waitingPerClient: options.waitingPerClient ?? Math.ceil(waiting / 2) },
  };
}

async function readToken({ token }: ServeOptions, host: Host): Promise<string | undefined> {
  const given = token ?? tokenOf(host.env);
  if (given === undefined) return undefined;
  const text = given.startsWith('@') ? (await readTextFile(given.slice(1), host)).trim() : given;
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  const message = 'a token is one word of letters, digits and signs';
  throw new ProblemError({ code: 'usage-invalid', message, hint: 'for example: openssl rand -hex 32' });
}

function tokenOf(env: Environment): string | undefined {
  const text = env['OLLAMA_ORCHESTRATE_TOKEN'];
  return text === undefined || text === '' ? undefined : text;
}

function tokenMissing(address: string): ProblemError {
  const message = `on ${address} others than this machine can send requests, so clients need a token`;
  return new ProblemError({
    code: 'usage-invalid',
    message,
    hint: '--token TEXT, --token @FILE or OLLAMA_ORCHESTRATE_TOKEN',
  });
}

/** Goes on with what nobody waits for and an earlier server had not finished. */
async function resumeDetached(app: App, host: Host): Promise<void> {
  for await (const resumed of app.resumeDetached()) {
    if ('id' in resumed) tell(host, `going on with run ${resumed.id}`);
    else tell(host, `warning: cannot go on with a detached run: ${resumed.problem.message}`);
  }
}

function tell({ io }: Pick<Host, 'io'>, line: string): void {
  io.stderr.write(`${neutralizeLine(hidePassword(line))}\n`);
}

function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
