import type { Agent, AgentInput } from './schema.ts';

// Agents without settings of their own are the most common kind, and can be told at a glance. Everything else is for the
// schema to judge, whose library takes longer to load than `list-agents` otherwise runs. What passes here, passes there.

/** Whether a document is beyond doubt a stored agent without settings. */
export function isPlainAgent(data: unknown): data is Agent {
  return isRecord(data) && storedKeys.every((key) => Object.hasOwn(data, key)) && hasPlainValues(data, storedKeys);
}

/** Whether a document is beyond doubt right for a new agent without settings. */
export function isPlainInput(data: unknown): data is Omit<AgentInput, 'system' | 'config'> {
  return (
    isRecord(data) && Object.hasOwn(data, 'name') && Object.hasOwn(data, 'models') && hasPlainValues(data, inputKeys)
  );
}

const inputKeys = ['name', 'description', 'models'];
const storedKeys = ['id', ...inputKeys, 'config', 'created_at', 'updated_at'];

function hasPlainValues(data: Record<string, unknown>, keys: readonly string[]): boolean {
  return Object.entries(data).every(([key, value]) => keys.includes(key) && checks[key]?.(value) === true);
}

const isText = (value: unknown): value is string => typeof value === 'string';

const checks: Record<string, (value: unknown) => boolean> = {
  id: (value) => isText(value) && value !== '',
  name: (value) => isText(value) && /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/.test(value),
  description: isText,
  models: (value) => Array.isArray(value) && value.length > 0 && value.every(isPlainModel),
  config: (value) => isRecord(value) && Object.keys(value).length === 0,
  created_at: isOwnTime,
  updated_at: isOwnTime,
};

function isPlainModel(value: unknown): boolean {
  return isText(value) && /^[\x21-\x7e]+$/.test(value);
}

/** As this program writes times; other spellings may be right, too. */
function isOwnTime(value: unknown): boolean {
  if (!isText(value) || Number.isNaN(Date.parse(value))) return false;
  return new Date(value).toISOString() === value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
