import type { Command } from 'commander';
import type { AgentPatch } from '../agents/agent-store.ts';
import type { BudgetLimits } from '../agents/schema.ts';
import { ProblemError } from '../errors/problem.ts';
import type { Host } from '../host/host.ts';
import type { GlobalFlags } from './cli.ts';
import { readBudget } from './read-budget.ts';
import { collect, collectList, readOneFile } from './read-options.ts';
import { readFileOrStdin, readTextFlag } from './read-text.ts';

/** The flags of `create-agent` and `update-agent` that say what an agent is. */
export interface AgentFlags {
  models?: string[] | undefined;
  hosts?: string[] | undefined;
  description?: string | undefined;
  system?: string | undefined;
  budget?: BudgetLimits | undefined;
  config?: string | undefined;
  set?: string[] | undefined;
}

/** Adds {@link AgentFlags} to a command. */
export function withAgentFlags(command: Command): Command {
  return command
    .option('--models <LIST>', 'models of the agent, e.g. llama3.2,codellama', collectList)
    .option('--hosts <LIST>', 'Ollama servers of the agent, e.g. http://gpu1:11434,http://gpu2:11434', collectList)
    .option('--description <TEXT>', 'what the agent is for')
    .option('--system <TEXT|@FILE>', 'system prompt of all its tasks')
    .option('--budget <LIMITS>', 'limits of each of its runs, e.g. tokens=50000,loads=3,time=10m', readBudget)
    .option('--config <FILE|->', 'JSON file of settings, or of an agent as show-agent --json prints it', readOneFile)
    .option('--set <KEY=VALUE>', 'one setting, e.g. retries=3 or options.num_ctx=8192', collect);
}

/** What the flags say, files read, as changes of an agent: `--set` after `--config` after the plain flags. */
export async function loadAgentPatches(flags: AgentFlags & GlobalFlags, host: Host): Promise<AgentPatch[]> {
  noteUnkeptHost(flags, host);
  const { models, hosts, description, system, budget, config, set = [] } = flags;
  const patches: AgentPatch[] = set.map(parseSetting);
  if (config !== undefined) patches.unshift(await loadConfig(config, host));
  if (budget) patches.unshift({ config: { budget } });
  if (models) patches.unshift({ models });
  if (hosts) patches.unshift({ config: { hosts } });
  if (description !== undefined) patches.unshift({ description });
  if (system !== undefined) patches.unshift({ system: await readTextFlag(system, host) });
  return patches;
}

/** A flag that is of no use here must not pass for one that is. */
function noteUnkeptHost({ host: url, quiet }: GlobalFlags, { io }: Host): void {
  if (url === undefined || quiet === true) return;
  io.stderr.write('note: --host says where one command goes, it is not kept; --hosts keeps servers with the agent\n');
}

/** `retries=3`, `config.retries=3` or `models=["a"]` as a change of an agent; the value is JSON, else text. */
export function parseSetting(setting: string): AgentPatch {
  const at = Math.max(setting.indexOf('='), 0);
  const path = setting.slice(0, at).split('.');
  if (path.includes('')) throw usage(`--set '${setting}' is not of the form key=value`, '--set retries=3');
  const [first] = path;
  if (first !== undefined && fixedKeys.includes(first)) throw usage(`--set: '${first}' of an agent cannot be changed`);
  const value = parseJson(setting.slice(at + 1)) ?? { value: setting.slice(at + 1) };
  return underConfig(path.reduceRight<unknown>((inner, key) => Object.fromEntries([[key, inner]]), value.value));
}

async function loadConfig(file: string, host: Host): Promise<AgentPatch> {
  const parsed = parseJson((await readFileOrStdin(file, host)).replace(/^\uFEFF/, ''));
  const isObject = typeof parsed?.value === 'object' && parsed.value !== null && !Array.isArray(parsed.value);
  if (!isObject) throw usage(`--config: ${file === '-' ? 'stdin' : file} does not hold a JSON object`);
  const entries = Object.entries(parsed.value as object).filter(([key]) => !fixedKeys.includes(key));
  return underConfig(Object.fromEntries(entries));
}

/** Keys of a printed agent that say which agent it is, not how it is. */
const fixedKeys = ['id', 'name', 'created_at', 'updated_at', 'effective'];
const agentKeys = ['models', 'description', 'system', 'config'];

/** The `config.` in front of a setting may be left out. */
function underConfig(document: unknown): AgentPatch {
  const entries = Object.entries(document as AgentPatch);
  const own = entries.filter(([key]) => agentKeys.includes(key));
  const settings = entries.filter(([key]) => !agentKeys.includes(key));
  if (settings.length === 0) return Object.fromEntries(own);
  const { config } = Object.fromEntries(own) as { config?: object };
  return { ...Object.fromEntries(own), config: Object.fromEntries([...Object.entries(config ?? {}), ...settings]) };
}

function parseJson(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function usage(message: string, hint?: string): ProblemError {
  return new ProblemError({ code: 'usage-invalid', message, hint });
}
