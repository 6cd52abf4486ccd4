import { describe, expect, it } from 'vitest';
import { lineProblem, responseProblem } from '../../../src/ollama/response-problem.ts';

const asked = { host: 'http://gpu1:11434', path: '/api/generate', model: 'x', secrets: ['s3cret'] };
const json = 'application/json; charset=utf-8';
const refusal = (status: number, text: string, type = json) => responseProblem({ status, text, type }, asked);
const error = (text: string) => JSON.stringify({ error: text });

describe('responseProblem', () => {
  it.each([
    [404, error("model 'x' not found"), 'model-missing'],
    [400, error('"x" does not support thinking'), 'model-incapable'],
    [501, error('This server does not support embeddings. Start it with `--embeddings`'), 'model-incapable'],
    [400, error('the input length exceeds the context length'), 'prompt-too-long'],
    [400, error('input exceeds maximum context length'), 'prompt-too-long'],
    [400, error('the prompt is longer than the context length currently available to the model'), 'prompt-too-long'],
    [400, error('missing request body'), 'request-refused'],
    [400, error('json: cannot unmarshal number into Go struct field'), 'request-refused'],
    [413, error('too large'), 'request-refused'],
    [500, error('option "num_ctx" must be of type integer'), 'request-refused'],
    [500, error('invalid format: "yaml"; expected "json" or a valid JSON Schema object'), 'request-refused'],
    [500, error('llama-server process has terminated: exit status 2: error'), 'model-failed'],
    [500, error('llama runner process has terminated: exit status 2'), 'model-failed'],
    [500, error('model requires more system memory (5.0 GiB) than is available (2.0 GiB)'), 'model-failed'],
    [500, error('unable to load full model on GPU'), 'model-failed'],
    [500, error('model runner has unexpectedly stopped, this may be due to …'), 'model-failed'],
    [500, error('something else'), 'server-error'],
    [499, error('request canceled'), 'server-error'],
    [502, error('network failure'), 'server-error'],
    [504, '', 'server-error'],
    [503, error('server busy, please try again.  maximum pending requests exceeded'), 'server-busy'],
    [429, error('you have reached your weekly usage limit'), 'rate-limited'],
    [403, error('ollama cloud is disabled: remote model is unavailable'), 'access-denied'],
    [407, '', 'access-denied'],
  ])('takes %i %s for %s', (status, text, code) => {
    expect(refusal(status, text).code).toBe(code);
  });

  it('names the missing model, the host and what to type', () => {
    expect(refusal(404, error("model 'x' not found"))).toMatchObject({
      message: "model 'x' is not installed on http://gpu1:11434",
      hint: 'ollama pull x',
      host: 'http://gpu1:11434',
    });
  });

  it('takes a plain 404 for a missing endpoint', () => {
    expect(refusal(404, '404 page not found', 'text/plain').code).toBe('endpoint-missing');
  });

  it('passes on where to sign in', () => {
    const body = JSON.stringify({ error: 'unauthorized', signin_url: 'https://ollama.com/connect?name=x' });
    expect(refusal(401, body)).toMatchObject({
      code: 'access-denied',
      hint: 'sign in at https://ollama.com/connect?name=x',
    });
  });

  it('explains an empty 403 by the Host header', () => {
    expect(refusal(403, '', '')).toMatchObject({
      code: 'access-denied',
      message: 'http://gpu1:11434 refuses the Host or Origin of the request',
      hint: expect.stringContaining('Host: localhost') as string,
    });
  });

  it('does not print a page of HTML', () => {
    const { message } = refusal(502, '<html><h1>Bad Gateway</h1></html>', 'text/html');
    expect(message).toBe('http://gpu1:11434 says an HTML page');
  });

  it('says where a redirect leads', () => {
    const problem = responseProblem({ status: 301, type: '', text: '', location: 'https://gpu1/api?token=1' }, asked);
    expect(problem).toMatchObject({ code: 'host-not-ollama', hint: 'name that address: --host https://gpu1' });
  });

  it('reads an error inside of an error', () => {
    const inner = { error: { code: 400, message: 'request (9 tokens) exceeds the available context size (4 tokens)' } };
    const { code, cause } = refusal(400, error(JSON.stringify(inner)));
    expect([code, cause]).toEqual(['prompt-too-long', inner.error.message]);
  });

  it('cuts what is long, and strips control characters and secrets', () => {
    const { cause } = refusal(500, error(`\u001b[31mkey s3cret\r\n${'🎉'.repeat(300)}`));
    expect(cause).toMatch(/^\[31mkey \*\*\* (?:🎉)+…$/u);
    expect(cause?.length).toBeLessThanOrEqual(400);
  });

  it('tells a model that no registry has from a download that broke', () => {
    const pull = { ...asked, path: '/prefix/api/pull' };
    expect(lineProblem('pull model manifest: file does not exist', pull).code).toBe('model-missing');
    expect(lineProblem('max retries exceeded', pull).code).toBe('download-failed');
  });
});

describe('lineProblem', () => {
  it.each([
    ['an error was encountered while running the model: unexpected EOF', 'model-failed'],
    ['"x" does not support chat', 'model-incapable'],
    [{ message: 'exceed_context_size_error' }, 'prompt-too-long'],
    ['anything', 'server-error'],
  ])('takes the line %j for %s', (line, code) => {
    expect(lineProblem(line, asked).code).toBe(code);
  });
});
