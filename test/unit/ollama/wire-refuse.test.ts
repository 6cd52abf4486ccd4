import { describe, expect, it } from 'vitest';
import {
  formatErrorText,
  modelNotFoundReply,
  parseWireRequest,
  refuseByCapability,
  refuseModelName,
  refuseOptions,
} from '../../../src/ollama/wire-refuse.ts';
import type { WireReply } from '../../../src/ollama/wire-encode.ts';

const errorOf = (reply: WireReply | undefined) =>
  reply && [reply.status, (JSON.parse(reply.body) as { error: string }).error];

const generate = '/api/generate';

describe('parseWireRequest', () => {
  it.each([
    ['', 'missing request body'],
    ['{"model":', 'unexpected EOF'],
    ['{"model":"x', 'unexpected EOF'],
    ['<html>', "invalid character '<' looking for beginning of value"],
    ['{"a" 1}', "invalid character '1' looking for beginning of value"],
    ['[]', 'json: cannot unmarshal array into Go value of type api.GenerateRequest'],
    ['{"model":1}', 'json: cannot unmarshal number into Go struct field GenerateRequest.model of type string'],
    ['{"stream":"yes"}', 'json: cannot unmarshal string into Go struct field GenerateRequest.stream of type bool'],
    ['{"keep_alive":"300"}', 'time: missing unit in duration "300"'],
    ['{"keep_alive":"abc"}', 'time: invalid duration "abc"'],
    ['{"keep_alive":true}', "Unsupported type: 'bool'"],
    ['{"think":"x"}', 'invalid think value: "x" (must be "high", "medium", "low", "max", true, or false)'],
    ['{"images":["!!!"]}', 'illegal base64 data at input byte 0'],
    ['{"top_logprobs":21}', 'top_logprobs must be between 0 and 20'],
  ])('refuses %j', (body, text) => {
    const parsed = parseWireRequest(generate, body);
    expect('refusal' in parsed && errorOf(parsed.refusal)).toEqual([400, text]);
  });

  it.each(['5m', '1h30m', '-1m', '0', 0, -1, 2.5, null])('takes keep_alive %j', (keep_alive) => {
    expect(parseWireRequest(generate, JSON.stringify({ keep_alive }))).toEqual({ request: { keep_alive } });
  });

  it('keeps fields that nobody knows', () => {
    expect(parseWireRequest(generate, '{"wibble":1}')).toEqual({ request: { wibble: 1 } });
  });

  it('refuses an input to embed that is no text', () => {
    const parsed = parseWireRequest('/api/embed', '{"input":[1]}');
    expect('refusal' in parsed && errorOf(parsed.refusal)).toEqual([400, 'invalid input type']);
  });
});

describe('refuseModelName', () => {
  it.each([
    ['/api/generate', 404, "model '' not found"],
    ['/api/embed', 404, "model '' not found"],
    ['/api/chat', 400, 'model is required'],
    ['/api/show', 400, 'model is required'],
  ] as const)('has its own words for a missing name at %s', (path, status, text) => {
    expect(errorOf(refuseModelName(path, undefined))).toEqual([status, text]);
  });

  it('refuses blanks', () => {
    expect(errorOf(refuseModelName(generate, 'a b c'))).toEqual([400, 'invalid model name']);
  });

  it.each(['llama3.2', 'a/b:7b-q4_K_M', 'registry.ollama.ai/library/llama3.2:latest', 'localhost:5000/a/b'])(
    'takes %s',
    (model) => expect(refuseModelName(generate, model)).toBeUndefined(),
  );
});

describe('modelNotFoundReply', () => {
  it('quotes the name as the endpoint does', () => {
    expect(errorOf(modelNotFoundReply('/api/chat', 'x'))).toEqual([404, "model 'x' not found"]);
    expect(errorOf(modelNotFoundReply('/api/embed', 'x'))).toEqual([404, 'model "x" not found, try pulling it first']);
  });
});

describe('refuseByCapability', () => {
  it.each([
    [{ suffix: 'y' }, ['completion'], 'registry.ollama.ai/library/m:latest does not support insert'],
    [{ tools: [{}] }, ['completion'], 'registry.ollama.ai/library/m:latest does not support tools'],
    [{}, ['embedding'], '"m" does not support generate'],
    [{ think: true }, ['completion'], '"m" does not support thinking'],
    [{ raw: true, system: 'x' }, ['completion'], 'raw mode does not support template, system, or context'],
  ] as const)('refuses %j of a model with %j', (more, capabilities, text) => {
    expect(errorOf(refuseByCapability(generate, { model: 'm', ...more }, capabilities))).toEqual([400, text]);
  });

  it('takes think: false from any model', () => {
    expect(refuseByCapability(generate, { model: 'm', think: false }, ['completion'])).toBeUndefined();
  });

  it('refuses nothing when the capabilities are unknown', () => {
    expect(refuseByCapability(generate, { model: 'm', think: true, suffix: 'x' }, undefined)).toBeUndefined();
  });
});

describe('refuseOptions', () => {
  it.each([
    [{ num_ctx: 'big' }, 'option "num_ctx" must be of type integer'],
    [{ temperature: '1' }, 'option "temperature" must be of type float32'],
    [{ use_mmap: 1 }, 'option "use_mmap" must be of type boolean'],
    [{ stop: 'x' }, 'option "stop" must be of type array'],
    [{ stop: [1] }, 'option "stop" must be of an array of strings'],
  ])('refuses %j with 500', (options, text) => {
    expect(errorOf(refuseOptions(options))).toEqual([500, text]);
  });

  it('takes null, fractions and what nobody knows', () => {
    expect(refuseOptions({ num_ctx: null, top_k: 1.5, wibble: 'x', stop: ['a'] })).toBeUndefined();
  });
});

describe('formatErrorText', () => {
  it.each([undefined, null, '', 'json', { type: 'object' }])('takes %j', (format) => {
    expect(formatErrorText(format)).toBeUndefined();
  });

  it('refuses other texts', () => {
    expect(formatErrorText('yaml')).toBe(
      String.raw`invalid format: "\"yaml\""; expected "json" or a valid JSON Schema object`,
    );
  });
});
