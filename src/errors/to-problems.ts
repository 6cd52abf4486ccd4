import type { z } from 'zod';
import type { Problem } from './problem.ts';
import { suggest } from './suggest.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

export interface ProblemPlace {
  /** Said before each path, e.g. the file the document came from. */
  source?: string | undefined;
  code?: Problem['code'];
}

/** What a schema found wrong with a document, all of it: `config.retries: must be a whole number from 0 to 10, not '4'`. */
export function toProblems(schema: z.ZodType, error: z.ZodError, place: ProblemPlace = {}): Problem[] {
  const { source, code = 'agent-invalid' } = place;
  return error.issues
    .flatMap((issue) => expand(issue))
    .flatMap((issue) => toSentences(schema, issue))
    .map((message) => ({ code, message: source === undefined ? message : `${source}: ${message}` }));
}

/** The issues of the alternative that was meant; the alternatives as a whole when the value is of no such type. */
function expand(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find((issues) => issues.every((inner) => inner.path.length > 0 || hasRightType(inner)));
  if (!meant) return [issue];
  return meant.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
}

function hasRightType({ code }: Issue): boolean {
  return code === 'unrecognized_keys' || code === 'invalid_format' || code === 'custom';
}

function toSentences(schema: z.ZodType, issue: Issue): string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(schema, issue.path);
    return issue.keys.map((key) => `${formatPath([...issue.path, key])}: unknown key, ${suggest(key, known)}`);
  }
  if (issue.code === 'invalid_key') return issue.issues.map(({ message }) => `${formatPath(issue.path)}: ${message}`);
  const place = issue.path.length === 0 ? '' : `${formatPath(issue.path)}: `;
  if (issue.input === undefined) return [`${place}is missing, ${issue.message}`];
  // A header may hold a secret.
  const isSecret = issue.path.includes('headers');
  return [`${place}${issue.message}${isSecret ? '' : `, not ${formatValue(issue.input)}`}`];
}

function formatPath(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

function formatValue(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** The keys a schema knows for the object at a path; none where it is open. */
function keysAt(schema: z.core.$ZodType, path: Path): string[] {
  const def = schema._zod.def as z.core.$ZodTypes['_zod']['def'];
  switch (def.type) {
    case 'optional':
    case 'default':
      return keysAt(def.innerType, path);
    case 'union':
      return def.options.flatMap((option) => keysAt(option, path));
    case 'array':
      return keysAt(def.element, path.slice(1));
    case 'object': {
      const [key, ...rest] = path;
      if (key === undefined) return Object.keys(def.shape);
      const inner = def.shape[String(key)];
      return inner ? keysAt(inner, rest) : [];
    }
    default:
      return [];
  }
}
