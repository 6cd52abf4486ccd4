import type { ProblemCode } from '../errors/catalogue.ts';
import type { Problem } from '../errors/problem.ts';
import { cleanText } from './clean-text.ts';
import type { Asked } from './response-problem.ts';

const starts = {
  'host-unreachable': 'no Ollama server answers at',
  'host-not-ollama': 'something else than Ollama answers at',
  'host-invalid': 'cannot ask',
} as const satisfies Partial<Record<ProblemCode, string>>;

interface Row {
  codes: RegExp;
  code: keyof typeof starts;
  why: string;
  hint: string;
}

const otherAddress = 'check the address in --host or OLLAMA_HOST';

const rows: readonly Row[] = [
  {
    codes: /^ECONNREFUSED$/,
    code: 'host-unreachable',
    why: 'connection refused',
    hint: "start it with 'ollama serve', or name another address with --host or OLLAMA_HOST",
  },
  { codes: /^(?:ENOTFOUND|EAI_\w+)$/, code: 'host-unreachable', why: 'no such host', hint: otherAddress },
  {
    codes: /^(?:UND_ERR_CONNECT_TIMEOUT|ETIMEDOUT)$/,
    code: 'host-unreachable',
    why: 'no connection in time',
    hint: otherAddress,
  },
  {
    codes: /^(?:EHOST|ENET)(?:UNREACH|DOWN)$/,
    code: 'host-unreachable',
    why: 'no way to the host',
    hint: otherAddress,
  },
  {
    codes: /CERT|SELF_SIGNED|UNABLE_TO_/,
    code: 'host-unreachable',
    why: 'its certificate is not trusted',
    hint: 'name the authority that signed it: NODE_EXTRA_CA_CERTS=/path/to/ca.pem',
  },
  {
    codes: /^ERR_TLS|^ERR_SSL|^EPROTO$/,
    code: 'host-unreachable',
    why: 'no secure connection',
    hint: 'an Ollama server without a proxy in front speaks http://, not https://',
  },
  {
    codes: /^HPE_|^HTTPParserError$|^UND_ERR_HEADERS_OVERFLOW$/,
    code: 'host-not-ollama',
    why: 'it does not speak HTTP',
    hint: otherAddress,
  },
  {
    codes: /^UND_ERR_INVALID_ARG$/,
    code: 'host-invalid',
    why: 'a header set for it is not valid',
    hint: 'header values are one line of plain characters',
  },
];

/** Nobody at the other end of the connection, or nobody who understands us: https://, another program, a proxy. */
const hungUp: Omit<Row, 'codes'> = {
  code: 'host-unreachable',
  why: 'it closes the connection without an answer',
  hint: otherAddress,
};

/** How far an exchange had come when its connection failed. */
export interface Progress {
  hasBegun: boolean;
  /** A question that every server answers at once. */
  isSurvey: boolean;
}

/** Why a connection could not be made, or, once the answer had begun, why it broke. */
export function connectionProblem(error: unknown, { host, secrets }: Asked, { hasBegun, isSurvey }: Progress): Problem {
  const { code, text } = describe(error);
  const cause = cleanText(text, secrets);
  const row = hasBegun ? undefined : (rows.find(({ codes }) => codes.test(code)) ?? (isSurvey ? hungUp : undefined));
  if (!row) return { code: 'stream-broken', message: `the connection to ${host} broke: ${cause}`, host, cause };
  return { code: row.code, message: `${starts[row.code]} ${host}: ${row.why}`, hint: row.hint, host, cause };
}

/** The innermost code: errors hide in `cause`, and one per address of a name in an AggregateError. */
function describe(error: unknown): { code: string; text: string } {
  if (!(error instanceof Error)) return { code: 'Error', text: String(error) };
  const inner = error instanceof AggregateError ? (error.errors[0] as unknown) : error.cause;
  if (inner !== undefined) {
    const found = describe(inner);
    if (found.code !== 'Error') return found;
  }
  const { code } = error as NodeJS.ErrnoException;
  // undici's parser gives no code to some of its errors.
  return { code: typeof code === 'string' ? code : error.name, text: error.message || error.name };
}
