import type { ProblemCode } from '../errors/catalogue.ts';
import type { Problem } from '../errors/problem.ts';
import { cleanText } from './clean-text.ts';
import { isEncodable } from './wire-read.ts';

/** What we had asked for, to be named in a problem. */
export interface Asked {
  /** Address of the server, without credentials. */
  host: string;
  path: string;
  model?: string | undefined;
  secrets: readonly string[];
}

/** An answer that is no 2xx. */
export interface Refusal {
  status: number;
  type: string;
  text: string;
  /** Where a redirect leads. */
  location?: string | undefined;
}

/** Why a server refused, from status, text and kind of body. */
export function responseProblem(refusal: Refusal, asked: Asked): Problem {
  const { status, type, text } = refusal;
  const { error, signinUrl, isJson } = readErrorBody(text);
  const isHtml = type.includes('html') || /^\s*<(?:!doctype|html)/i.test(text);
  return build({
    ...{ asked, status, isJson, signinUrl },
    said: isHtml ? 'an HTML page' : cleanText(error, asked.secrets),
    location: refusal.location === undefined ? undefined : originOf(refusal.location),
  });
}

/** Why a server gave up in mid-answer: the text of its `{"error": …}` line, which comes without a status. */
export function lineProblem(error: unknown, asked: Asked): Problem {
  const { error: text } = readErrorBody(toText(error));
  return build({ asked, isJson: true, said: cleanText(text, asked.secrets) });
}

interface Answer {
  asked: Asked;
  status?: number;
  isJson: boolean;
  said: string;
  signinUrl?: string | undefined;
  location?: string | undefined;
}

/** The first row whose conditions all hold decides. */
interface Row {
  /** One status, or a range with its end. */
  status?: number | readonly [number, number];
  isJson?: boolean;
  path?: string;
  text?: RegExp;
  code: ProblemCode;
  message: (answer: Answer) => string;
  hint?: (answer: Answer) => string | undefined;
}

const at = ({ asked }: Answer) => asked.host;
const says = ({ asked, said, status }: Answer) => `${asked.host} says ${said || `nothing but status ${status ?? '?'}`}`;
const model = ({ asked }: Answer) => (asked.model ? `model '${asked.model}'` : 'the model');

const rows: readonly Row[] = [
  {
    status: [300, 399],
    code: 'host-not-ollama',
    message: (answer) => `${at(answer)} sends us to ${answer.location ?? 'another address'}`,
    hint: ({ location }) => location && `name that address: --host ${location}`,
  },
  {
    path: '/api/pull',
    text: /file does not exist|manifest unknown|not found/,
    code: 'model-missing',
    message: (answer) => `there is no ${model(answer)} to pull`,
    hint: () => 'look for its name at https://ollama.com/library',
  },
  {
    path: '/api/pull',
    text: /^pull model|max retries|digest mismatch|no space/,
    code: 'download-failed',
    message: says,
  },
  {
    status: 404,
    isJson: false,
    code: 'endpoint-missing',
    message: (answer) => `${at(answer)} has no ${answer.asked.path}: it is too old, or no Ollama server`,
    hint: () => 'update the server',
  },
  { status: 405, code: 'endpoint-missing', message: says, hint: () => 'update the server' },
  {
    status: 404,
    code: 'model-missing',
    message: (answer) => `${model(answer)} is not installed on ${at(answer)}`,
    hint: ({ asked }) => asked.model && `ollama pull ${asked.model}`,
  },
  {
    status: 401,
    code: 'access-denied',
    message: (answer) => `${at(answer)} wants to know who asks`,
    hint: ({ signinUrl }) =>
      signinUrl
        ? `sign in at ${signinUrl}`
        : 'give this host an Authorization header, or set OLLAMA_API_KEY for ollama.com',
  },
  {
    status: 403,
    text: /^$/,
    code: 'access-denied',
    message: (answer) => `${at(answer)} refuses the Host or Origin of the request`,
    hint: () => "a proxy in front of the server must send 'Host: localhost'; or bind the server to a public address",
  },
  { status: 403, code: 'access-denied', message: says },
  { status: 407, code: 'access-denied', message: says },
  { status: 429, code: 'rate-limited', message: says },
  { text: /(?:session|weekly|hourly) usage limit/, code: 'rate-limited', message: says },
  {
    status: 501,
    code: 'model-incapable',
    message: (answer) => `${model(answer)} cannot do this: ${answer.said}`,
    hint: ({ asked }) =>
      asked.path.includes('embed') ? 'use a model made to embed, such as nomic-embed-text' : undefined,
  },
  {
    text: /^option "|^raw mode|^invalid format|^invalid option|unmarshal|grammar/,
    code: 'request-refused',
    message: says,
  },
  {
    text: /does not support/i,
    code: 'model-incapable',
    message: (answer) => `${model(answer)} cannot do this: ${answer.said}`,
  },
  {
    text: /exceeds? (?:the )?(?:maximum |available )?context|exceed_context_size|longer than the context/i,
    code: 'prompt-too-long',
    message: (answer) => `the prompt does not fit into the context of ${model(answer)}: ${answer.said}`,
    hint: () => 'shorten the prompt, or raise the option num_ctx',
  },
  {
    text: /llama-server|llama runner|model runner|running the model|loading model|load (?:full )?model|out of memory|out-of-memory|system memory|incompatible with your version|cuda error/i,
    code: 'model-failed',
    message: (answer) => `${at(answer)} could not run ${model(answer)}: ${answer.said}`,
  },
  { status: 503, code: 'server-busy', message: (answer) => `${at(answer)} is busy: ${answer.said}` },
  { text: /^server busy|concurrent request slot/, code: 'server-busy', message: (a) => `${at(a)} is busy: ${a.said}` },
  { status: [400, 498], code: 'request-refused', message: says },
  { code: 'server-error', message: says },
];

function build(answer: Answer): Problem {
  const row = rows.find((candidate) => fits(candidate, answer));
  if (!row) return { code: 'server-error', message: says(answer), host: answer.asked.host };
  const hint = row.hint?.(answer);
  return {
    code: row.code,
    message: row.message(answer),
    ...(hint && { hint }),
    host: answer.asked.host,
    ...(answer.said && { cause: answer.said }),
  };
}

function fits({ status, isJson, path, text }: Row, answer: Answer): boolean {
  const [from, to] = typeof status === 'number' ? [status, status] : (status ?? [0, 0]);
  const isStatus = status === undefined || ((answer.status ?? 0) >= from && (answer.status ?? 0) <= to);
  const isBody = isJson === undefined || isJson === answer.isJson;
  return isStatus && isBody && (!path || answer.asked.path.endsWith(path)) && (!text || text.test(answer.said));
}

/** `{"error": text}`; the text may itself be JSON with an `error` or `message` inside. */
function readErrorBody(text: string): { error: string; signinUrl?: string | undefined; isJson: boolean } {
  const body = parseObject(text);
  if (!body) return { error: text, isJson: false };
  const { error, message, signin_url } = body;
  const inner = error ?? message ?? text;
  const said = toText(inner);
  const signinUrl =
    typeof signin_url === 'string' && /^https:\/\/[!-~]{1,500}$/.test(signin_url) ? signin_url : undefined;
  return { error: said !== text && parseObject(said) ? readErrorBody(said).error : said, signinUrl, isJson: true };
}

function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return isEncodable(value) ? JSON.stringify(value) : 'something nested too deeply';
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function originOf(location: string): string | undefined {
  return URL.canParse(location) ? new URL(location).origin : undefined;
}
