import { hidePassword } from '../agents/hide-secrets.ts';
import { catalogue } from '../errors/catalogue.ts';
import type { Problem, ProblemError } from '../errors/problem.ts';

const jsonType = 'application/json; charset=utf-8';

/** A document as JSON. */
export function json(document: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(document), {
    status,
    headers: { 'content-type': jsonType, ...headers },
  });
}

export interface ProblemOptions {
  headers?: Readonly<Record<string, string>> | undefined;
  /** What was asked for: the API it belongs to has its own shape of errors. */
  path?: string | undefined;
}

/** Problems as an answer. */
export function problemResponse(error: ProblemError, options: ProblemOptions = {}): Response {
  const { body, ...init } = problemAnswer(error, options);
  return new Response(body, init);
}

/** The parts of an answer. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Problems as the parts of an answer, with the status of the first. `error` is what clients of the original read. */
export function problemAnswer({ problem, problems }: ProblemError, { headers, path }: ProblemOptions = {}): Answer {
  const { status } = catalogue[problem.code];
  const shown = problems.map(toShown);
  const message = hidePassword(problem.message);
  const document = {
    ...(path?.startsWith('/v1/') === true ? v1Error(message, problem, status) : { error: message }),
    problem: shown[0],
    ...(shown.length > 1 && { problems: shown }),
  };
  const all = { 'content-type': jsonType, ...headersOf(problem), ...headers };
  return { status, headers: all, body: JSON.stringify(document) };
}

/** As clients of OpenAI's API read it; with `type` also those of Anthropic's. The types are those that Ollama gives. */
function v1Error(message: string, { code }: Problem, status: number): Readonly<Record<string, unknown>> {
  const typeOfRequest = status === 404 ? 'not_found_error' : 'invalid_request_error';
  const type = status < 500 ? typeOfRequest : 'api_error';
  return { type: 'error', error: { message, type, param: null, code } };
}

/** No passwords; and hints that name a flag or a command help nobody who has sent a request. */
function toShown({ hint, ...problem }: Problem): Problem {
  const isForShell = hint === undefined || /(^|\s)--[a-z]|^ollama-orchestrate\b/.test(hint);
  const shown = { ...problem, message: hidePassword(problem.message) };
  return isForShell ? shown : { ...shown, hint };
}

function headersOf({ code }: Problem): Record<string, string> {
  if (code === 'queue-full') return { 'retry-after': '1' };
  if (code === 'token-locked') return { 'retry-after': '60' };
  return code === 'token-refused' ? { 'www-authenticate': 'Bearer' } : {};
}
