import type { RunEvent } from './event.ts';

/** One event as one line of JSON, its newline included. */
export function encodeEvent(event: RunEvent): string {
  return `${JSON.stringify(event)}\n`;
}

/** The event of such a line; undefined for a line that is blank, torn off or no event. */
export function decodeEvent(line: string): RunEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const types: Record<RunEvent['type'], true> = {
  'run.started': true,
  'task.waiting': true,
  'task.expanded': true,
  'task.started': true,
  'task.delta': true,
  'task.retrying': true,
  'task.finished': true,
  'host.changed': true,
  'run.finished': true,
};

function isEvent(value: unknown): value is RunEvent {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  return typeof value.type === 'string' && Object.hasOwn(types, value.type);
}
