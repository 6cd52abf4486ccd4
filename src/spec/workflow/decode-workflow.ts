import { isUtf8 } from 'node:buffer';
import { ProblemError } from '../../errors/problem.ts';
import { createSourceText, type SourceText } from '../yaml/source-text.ts';

/** Larger files are not workflows: prompts of that size belong into files of their own. */
const maxBytes = 4 * 1024 * 1024;

/**
 * The text of a workflow file, without a byte order mark.
 * @throws ProblemError for a file that is too large, or no UTF-8, with the place where it ends to be
 */
export function decodeWorkflow(bytes: Uint8Array, file: string): SourceText {
  if (bytes.length > maxBytes) {
    const message = `'${file}' is larger than ${maxBytes / 1024 / 1024} MiB`;
    throw new ProblemError({ code: 'input-too-large', message, hint: 'put long prompts into files: prompt_file' });
  }
  if (!isUtf8(bytes)) throw notText(bytes, file);
  return createSourceText(file, new TextDecoder('utf-8').decode(bytes));
}

function notText(bytes: Uint8Array, file: string): ProblemError {
  const before = new TextDecoder('utf-8').decode(bytes.subarray(0, validLength(bytes)), { stream: true });
  const lines = before.split(/\r\n|[\n\r]/);
  const location = { file, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
  return new ProblemError({
    code: 'workflow-invalid',
    message: 'this is not UTF-8 text',
    hint: 'save the file as UTF-8',
    location,
  });
}

/** Bytes up to the first that is wrong, found by halving: a beginning that is cut within a character is good up to there. */
function validLength(bytes: Uint8Array): number {
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isPrefix(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

function isPrefix(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
