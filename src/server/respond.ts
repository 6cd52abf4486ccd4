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

/** Problems as an answer. */
export function problemResponse(error: ProblemError, headers: Readonly<Record<string, string>> = {}): Response {
  const { body, ...init } = problemAnswer(error);
  return new Response(body, { ...init, headers: { ...init.headers, ...headers } });
}

/** The parts of an answer. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** Problems as the body of an answer, with the status of the first. `error` is what clients of the original read. */
export function problemAnswer({ problem, problems }: ProblemError): Answer {
  const shown = problems.map(toShown);
  const document = {
    error: hidePassword(problem.message),
    problem: shown[0],
    ...(shown.length > 1 && { problems: shown }),
  };
  const headers = { 'content-type': jsonType, ...headersOf(problem) };
  return { status: catalogue[problem.code].status, headers, body: JSON.stringify(document) };
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
