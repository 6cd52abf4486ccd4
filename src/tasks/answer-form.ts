import { findCodeBlocks, isLanguage } from '../lib/find-code.ts';
import { findJson, type JsonCheck } from '../lib/find-json.ts';

/** What the output of a task is to be, wherever it stands in the answer. */
export type AnswerForm =
  | {
      kind: 'json';
      /** The JSON Schema it is held to. */
      schema?: Readonly<Record<string, unknown>> | undefined;
      /** Asked for with `format`: a model that misses it is told so and may try again. */
      isFormat: boolean;
    }
  | { kind: 'code'; language?: string | undefined };

/** How an extract may be written. */
export const extractPattern = /^(?:json|code(?::[^\s:]{1,40})?)$/;

/** `json`, `code` or `code:python`; undefined for anything else. */
export function parseExtract(text: string): AnswerForm | undefined {
  if (!extractPattern.test(text)) return undefined;
  if (text === 'json') return { kind: 'json', isFormat: false };
  const [, language] = text.split(':');
  return { kind: 'code', language };
}

/** `json`, `code` or `code:python`. */
export function formatForm(form: AnswerForm): string {
  if (form.kind === 'json') return 'json';
  return form.language === undefined ? 'code' : `code:${form.language}`;
}

export type ReadAnswer = { output: string; structured?: unknown } | { reason: string };

/**
 * The output of that form in an answer, or why there is none.
 * @param check holds a document to the schema of the form
 * @param isCut the answer was cut off by a limit: a block that is not closed is not whole then
 */
export function readAnswer(
  form: AnswerForm,
  answer: string,
  { check, isCut }: { check?: JsonCheck | undefined; isCut: boolean },
): ReadAnswer {
  if (form.kind === 'code') return readCode(form, answer, isCut);
  const search = findJson(answer, check);
  if ('reason' in search) return search;
  return { output: search.found.text, structured: search.found.value };
}

function readCode({ language }: { language?: string | undefined }, answer: string, isCut: boolean): ReadAnswer {
  const blocks = findCodeBlocks(answer);
  const block = blocks.find((each) => language === undefined || isLanguage(each, language));
  if (block && (block.isClosed || !isCut)) return { output: block.code };
  if (block) return { reason: 'it breaks off inside the code block' };
  if (blocks.length === 0) return { reason: 'there is no fenced code block in it' };
  const found = blocks.map((each) => each.language || 'one without a language').join(', ');
  return { reason: `there is no fenced code block of ${language ?? ''} in it, only ${found}` };
}
