import type { EffectiveAgent, EffectiveModel } from '../agents/effective-agent.ts';
import type { Effective } from '../agents/effective-config.ts';
import type { Agent, AgentHost } from '../agents/schema.ts';
import { relativeTime } from './relative-time.ts';
import { formatTable } from './table.ts';

type Row = readonly string[];

/** An agent for people, in sections as `ollama show` prints a model. */
export async function formatAgent(
  agent: Agent,
  { effective, nowMs }: { effective?: EffectiveAgent | undefined; nowMs: number },
): Promise<string> {
  const sections = await Promise.all([
    section('Agent', aboutRows(agent, nowMs)),
    section(
      'Models',
      effective?.models?.map((model) => modelRow(model, effective.problems)) ?? agent.models.map((name) => [name]),
    ),
    section('Config', effective ? effectiveRows(effective) : configRows(agent)),
    section('System', agent.system?.split('\n').map((line) => [line]) ?? []),
    section('Problems', effective?.problems?.map(({ message }) => [message]) ?? []),
  ]);
  return sections.filter((text) => text !== '').join('\n');
}

async function section(title: string, rows: readonly Row[]): Promise<string> {
  if (rows.length === 0) return '';
  const lines = (await formatTable(rows)).trimEnd().split('\n');
  return `  ${title}\n${lines.map((line) => `    ${line}`.trimEnd()).join('\n')}\n`;
}

function aboutRows({ name, id, description, created_at, updated_at }: Agent, nowMs: number): Row[] {
  const time = (text: string) => `${text}  (${relativeTime(Date.parse(text), nowMs).toLowerCase()})`;
  return [
    ['name', name],
    ['id', id],
    ...(description === '' ? [] : [['description', description]]),
    ['created', time(created_at)],
    ...(updated_at === created_at ? [] : [['changed', time(updated_at)]]),
  ];
}

/** A model found nowhere may be on a server that could not be asked. */
function modelRow(
  { name, hosts, capabilities, context_length }: EffectiveModel,
  problems: EffectiveAgent['problems'] = [],
): Row {
  if (hosts.length === 0) return [name, problems.length === 0 ? 'not installed' : 'not known'];
  return [
    name,
    capabilities?.join(', ') ?? 'not told',
    context_length === undefined ? '' : `context ${context_length}`,
  ];
}

function configRows({ config }: Agent): Row[] {
  return flatten(Object.entries(config)).map(([key, value]) => [key, formatValue(value)]);
}

function effectiveRows({ config }: EffectiveAgent): Row[] {
  return Object.entries<Effective | undefined>(config).flatMap(([key, effective]) => {
    if (!effective) return [];
    const { value, origin, variable } = effective;
    const rows = flatten([[key, value]]);
    return rows.map(([name, inner]) => [name, formatValue(inner), variable ?? origin]);
  });
}

/** `options` and `routing_preferences` a line per entry, named as `--set` takes them. */
function flatten(entries: readonly [string, unknown][]): [string, unknown][] {
  return entries.flatMap(([key, value]): [string, unknown][] => {
    const isFilled =
      typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length > 0;
    return isFilled ? flatten(Object.entries(value).map(([inner, item]) => [`${key}.${inner}`, item])) : [[key, value]];
  });
}

function formatValue(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(formatValue).join(', ');
  return isHost(value) ? formatHost(value) : JSON.stringify(value);
}

type HostEntry = Exclude<AgentHost, string>;

function isHost(value: unknown): value is HostEntry {
  return typeof value === 'object' && value !== null && 'url' in value;
}

/** `https://gpu2 (slots: 2, Authorization: $TOKEN)` */
function formatHost({ url, slots, headers = {} }: HostEntry): string {
  const extras = Object.entries({ ...(slots !== undefined && { slots }), ...headers });
  return extras.length === 0 ? url : `${url} (${extras.map(([name, value]) => `${name}: ${value}`).join(', ')})`;
}
