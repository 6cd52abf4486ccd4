import { ProblemError } from '../errors/problem.ts';

/** A task as one flag value gives it. */
export interface TaskFlag {
  type: string;
  name?: string | undefined;
  prompt: FlagPrompt;
}

/** The prompt itself, or the file that holds it. */
export type FlagPrompt = { text: string } | { file: string };

/** `--tasks "type:prompt"`: split at the first colon. */
export function parseTaskFlag(value: string): TaskFlag {
  const { type, input } = parseTaskLine(value, '--tasks');
  return { type, prompt: parseFlagPrompt(input) };
}

/** A `type:prompt` line of a tasks file; the prompt stays as typed. */
export function parseTaskLine(line: string, place: string): { type: string; input: string } {
  const [type, input] = splitAtColons(line, 1);
  if (type === undefined || input === undefined) throw malformed(place, line, 'type:prompt', 'generate:Say hello');
  return { type, input };
}

/** `--steps "name:type:prompt"`: split at the first two colons. */
export function parseStepFlag(value: string): TaskFlag {
  const [name, type, prompt] = splitAtColons(value, 2);
  if (name === undefined || type === undefined || prompt === undefined) {
    throw malformed('--steps', value, 'name:type:prompt', 'plan:generate:Plan a trip');
  }
  return { name, type, prompt: parseFlagPrompt(prompt) };
}

/** `@word` is a file, `@@word` the literal `@word`; anything else, also `@two words`, stays as typed. */
function parseFlagPrompt(prompt: string): FlagPrompt {
  if (!/^@\S+$/.test(prompt)) return { text: prompt };
  return prompt.startsWith('@@') ? { text: prompt.slice(1) } : { file: prompt.slice(1) };
}

function splitAtColons(value: string, count: number): string[] {
  const parts: string[] = [];
  let rest = value;
  while (parts.length < count) {
    const colon = rest.indexOf(':');
    if (colon === -1) return parts;
    parts.push(rest.slice(0, colon).trim());
    rest = rest.slice(colon + 1);
  }
  return [...parts, rest];
}

function malformed(place: string, value: string, format: string, example: string): ProblemError {
  return new ProblemError({
    code: 'task-invalid',
    message: `${place}: ${JSON.stringify(value.slice(0, 200))} is not of the form '${format}'`,
    hint: `for example ${JSON.stringify(example)}`,
  });
}
