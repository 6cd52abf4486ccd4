// Makes docs/conformance.md from test/conformance.mjs and the report of a test run, and fails when a test that a row names
// is missing, skipped or red.
//   node scripts/conformance.mjs REPORT.json [--check]
import { readFileSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { conversationTest, rows } from '../test/conformance.mjs';

const root = fileURLToPath(new URL('../', import.meta.url));
const page = new URL('../docs/conformance.md', import.meta.url);
const [report, ...flags] = process.argv.slice(2);

const results = JSON.parse(readFileSync(report, 'utf8')).testResults.flatMap(({ name, assertionResults }) =>
  assertionResults.map(({ fullName, status }) => ({ file: relative(root, name), fullName, status })),
);
const faults = [
  ...rows.flatMap(({ id, tests = [] }) => tests.flatMap(([file, words]) => faultsOf(id, file, words))),
  ...faultsOf('REST', ...conversationTest),
];
for (const fault of faults) console.error(fault);

const text = await format(pageOf(rows), { parser: 'markdown', printWidth: 120 });
if (flags.includes('--check')) {
  if (text !== readFileSync(page, 'utf8')) faults.push('docs/conformance.md is stale');
  if (faults.length > 0) console.error('conformance: npm run conformance makes the page anew');
} else writeFileSync(page, text);
process.exitCode = faults.length === 0 ? 0 : 1;

function faultsOf(id, file, words) {
  const found = results.filter((result) => result.file === file && result.fullName.includes(words));
  if (found.length === 0) return [`${id}: no test in ${file} is called '${words}'`];
  return found
    .filter(({ status }) => status !== 'passed')
    .map(({ fullName, status }) => `${id}: ${status}: ${fullName}`);
}

/** The recorded conversation with the original's REST API: what of each answer is kept, and what is mended. */
function conversationTable() {
  const [conversation, mended] = ['conversation', 'mended'].map((name) =>
    JSON.parse(readFileSync(new URL(`../test/fixtures/reference-${name}.json`, import.meta.url), 'utf8')),
  );
  const lines = conversation.map(({ name, request: { method, path }, response: { status } }) => {
    const fields = Object.entries(mended[name] ?? {});
    const listed = fields.map(([field, row]) => `${field === '*' ? 'the body' : `\`${field}\``}: mended, ${row}`);
    const isWhole = fields.some(([field]) => field === '*');
    const kept = fields.length === 0 ? 'kept' : isWhole ? '' : 'all others: kept';
    const shown = path.replace(/[\da-f]{8}-[\da-f-]{27}/, ':id');
    return `| ${name} | ${method} ${shown} | ${status} | ${[...listed, kept].filter(Boolean).join('<br>')} |`;
  });
  return `## The REST API

A recorded conversation with the original, sent to this tool in the same order (${conversationTest[0]}). A field is kept when it is
there, of the same kind and, where it is not another one each time, with the same value; answers may have more fields.

| exchange | request | the original's status | fields |
| --- | --- | --: | --- |
${lines.join('\n')}
`;
}

function pageOf(rows) {
  const lines = rows.map(({ id, original, ours, tests = [], later }) => {
    const held =
      later ?? tests.map(([file, words]) => (words === '' ? `\`${file}\`` : `\`${file}\`: ${words}`)).join('<br>');
    return `| ${id} | ${original} | ${ours} | ${held} |`;
  });
  return `# Conformance with \`ollama orchestrate\`

What the original gets wrong, point by point, and what this tool does instead. Every row names the tests that hold it; this page
cannot be made while one of them is missing, skipped or red.

| | the original | this tool | held by |
| --- | --- | --- | --- |
${lines.join('\n')}

${conversationTable()}`;
}
