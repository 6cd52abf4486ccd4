// What the parts of the benchmark have in common: a section is a table, and what it was to show. A part yields its sections
// one by one; it is run alone, or by index.mjs with the others.
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { format } from 'prettier';

/**
 * @typedef {object} Section
 * @property {string} title
 * @property {string} [about] what was done, in a paragraph
 * @property {string[]} [columns]
 * @property {(string | number)[][]} [rows]
 * @property {Check[]} [checks]
 * @property {string} [leftOut] why there is no table
 *
 * @typedef {object} Check
 * @property {string} what
 * @property {string} measured
 * @property {string} aim
 * @property {boolean} isMet
 *
 * @typedef {object} Options
 * @property {boolean} quick small cases, to see whether all of it works
 * @property {string[]} words what was typed behind the command
 */

/** @returns {Check} */
export function atMost(what, value, limit, write = (number) => String(number)) {
  return { what, measured: write(value), aim: `at most ${write(limit)}`, isMet: value <= limit };
}

/** @returns {Check} */
export function atLeast(what, value, limit, write = (number) => String(number)) {
  return { what, measured: write(value), aim: `at least ${write(limit)}`, isMet: value >= limit };
}

/** @returns {Check} */
export function none(what, value) {
  return { what, measured: number(value), aim: 'none', isMet: value === 0 };
}

export const times = (value) => `${value.toFixed(2)} x`;
export const seconds = (value) =>
  `${value.toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })} s`;
export const number = (value) => value.toLocaleString('en');

/** A section in Markdown, as it stands in RESULTS.md and on the screen. */
export function toMarkdown({ title, about, columns = [], rows = [], checks = [], leftOut }) {
  const parts = [`## ${title}`];
  if (about) parts.push(about);
  if (leftOut) parts.push(`Left out: ${leftOut}.`);
  if (rows.length > 0) parts.push(table(columns, rows));
  if (checks.length > 0) {
    const verdicts = checks.map(({ what, measured, aim, isMet }) => [
      what,
      measured,
      aim,
      isMet ? 'met' : '**not met**',
    ]);
    parts.push(table(['what was to be shown', 'measured', 'aim', ''], verdicts));
  }
  return format(parts.join('\n\n'), { parser: 'markdown', printWidth: 120, proseWrap: 'always' });
}

function table(columns, rows) {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** @returns {Options & {write: boolean}} */
export function readOptions() {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { quick: { type: 'boolean', default: false }, write: { type: 'boolean', default: false } },
  });
  return { ...values, words: positionals };
}

/** Prints a part when its file is what was started. */
export async function runAlone(url, part) {
  if (url !== pathToFileURL(process.argv[1]).href) return;
  for await (const section of part(readOptions())) console.log(await toMarkdown(section));
}
