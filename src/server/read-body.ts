import type { z } from 'zod';
import { toProblems } from '../errors/to-problems.ts';
import type { ProblemCode } from '../errors/catalogue.ts';
import { ProblemError, throwProblems } from '../errors/problem.ts';
import type { RouteBody } from './define-route.ts';
import { isTooDeep } from './is-too-deep.ts';

/**
 * The JSON body of a request, as its schema reads it.
 * @throws ProblemError with all that is wrong
 */
export async function readBody(request: Request, route: RouteBody, maxBytes: number): Promise<unknown> {
  const text = decode(await readBytes(request, maxBytes));
  const given = text.trim() === '' && route.isOptional === true ? {} : parse(text);
  return checkBody(given, route.schema, route.code);
}

/**
 * A body as its schema reads it.
 * @throws ProblemError with all that is wrong
 */
export function checkBody<Schema extends z.ZodType>(
  given: unknown,
  schema: Schema,
  code: ProblemCode = 'body-invalid',
): z.output<Schema> {
  const parsed = schema.safeParse(given, { reportInput: true });
  if (parsed.success) return parsed.data;
  throwProblems(toProblems(schema, parsed.error, { code }));
  throw parsed.error;
}

/**
 * All bytes of a body, and no more than are allowed: what a client says of its length is not believed.
 * @throws ProblemError `input-too-large`
 */
export async function readBytes(request: Request, maxBytes: number): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Uint8Array[] = [];
  let size = 0;
  if (!request.body) return new Uint8Array();
  for await (const chunk of request.body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A body that is larger than the server takes. */
export function tooLarge(maxBytes: number): ProblemError {
  const message = `the body of the request is larger than ${maxBytes / 1024 / 1024} MiB`;
  return new ProblemError({ code: 'input-too-large', message });
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw bodyInvalid('the body of the request is not UTF-8 text');
  }
}

function parse(text: string): unknown {
  if (text.trim() === '') throw bodyInvalid('the request has no body');
  if (isTooDeep(text)) throw bodyInvalid('the body of the request is nested too deeply');
  try {
    return JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw bodyInvalid(`the body of the request is not JSON: ${reason.slice(0, 200)}`);
  }
}

function bodyInvalid(message: string): ProblemError {
  return new ProblemError({ code: 'body-invalid', message, hint: 'send a JSON object' });
}
