import type { Agent } from './schema.ts';

/**
 * Whether a document is beyond doubt an agent without settings of its own, the most common kind. Everything else is for
 * the schema to judge, whose library takes longer to load than `list-agents` otherwise runs.
 */
export function isPlainAgent(data: unknown): data is Agent {
  if (!isRecord(data) || !keys.every((key) => Object.hasOwn(data, key))) return false;
  const { id, name, description, models, config, created_at, updated_at } = data;
  return (
    Object.keys(data).length === keys.length &&
    [id, name, description].every((value) => typeof value === 'string') &&
    id !== '' &&
    namePattern.test(name as string) &&
    Array.isArray(models) &&
    models.length > 0 &&
    models.every((model) => typeof model === 'string' && modelPattern.test(model)) &&
    isRecord(config) &&
    Object.keys(config).length === 0 &&
    [created_at, updated_at].every(isOwnTime)
  );
}

const keys = ['id', 'name', 'description', 'models', 'config', 'created_at', 'updated_at'];
const namePattern = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,63}$/;
const modelPattern = /^[\x21-\x7e]+$/;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As this program writes times; other spellings may be right, too. */
function isOwnTime(value: unknown): boolean {
  if (typeof value !== 'string' || Number.isNaN(Date.parse(value))) return false;
  return new Date(value).toISOString() === value;
}
