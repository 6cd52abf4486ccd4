import { expect, test } from 'vitest';
import { connectionProblem } from '../../../src/ollama/connection-problem.ts';

const asked = { host: 'https://gpu2', path: '/api/tags', secrets: ['s3cret'] };
const failure = (code: string, message = 'why') =>
  new TypeError('failed', { cause: Object.assign(new Error(message), { code }) });

const problemOf = (error: unknown, { hasBegun = false, isSurvey = false } = {}) =>
  connectionProblem(error, asked, { hasBegun, isSurvey });

test.each([
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'NODE_EXTRA_CA_CERTS'],
  ['CERT_HAS_EXPIRED', 'NODE_EXTRA_CA_CERTS'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'NODE_EXTRA_CA_CERTS'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'http://'],
  ['ECONNREFUSED', 'ollama serve'],
])('%s makes a server unreachable, with a hint of its own', (code, hint) => {
  expect(problemOf(failure(code))).toMatchObject({
    code: 'host-unreachable',
    hint: expect.stringContaining(hint) as string,
  });
});

test('a server that hangs up on a survey is none of ours; on a prompt it may be busy dying', () => {
  const error = failure('UND_ERR_SOCKET', 'other side closed');
  expect(problemOf(error, { isSurvey: true })).toMatchObject({
    code: 'host-unreachable',
    message: 'no Ollama server answers at https://gpu2: it closes the connection without an answer',
  });
  expect(problemOf(error)).toMatchObject({ code: 'stream-broken' });
});

test('what breaks in mid-answer is a broken answer, whatever broke it', () => {
  const error = failure('ECONNREFUSED');
  expect(problemOf(error, { hasBegun: true, isSurvey: true })).toMatchObject({ code: 'stream-broken' });
});

test('a cause is told without the secrets in it', () => {
  expect(problemOf(failure('ECONNRESET', 'reset s3cret\u0007'))).toMatchObject({ cause: 'reset ***' });
});

test.each([
  ['ENOTFOUND', 'host-unreachable'],
  ['EAI_AGAIN', 'host-unreachable'],
  ['UND_ERR_CONNECT_TIMEOUT', 'host-unreachable'],
  ['EHOSTUNREACH', 'host-unreachable'],
  ['HPE_INVALID_CONSTANT', 'host-not-ollama'],
  ['UND_ERR_INVALID_ARG', 'host-invalid'],
  ['ECONNRESET', 'stream-broken'],
])('%s before an answer is %s', (code, wanted) => {
  expect(problemOf(failure(code)).code).toBe(wanted);
});

test('the reason may hide in a list of errors', () => {
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
  expect(problemOf(new TypeError('failed', { cause: new AggregateError([refused]) })).code).toBe('host-unreachable');
});
