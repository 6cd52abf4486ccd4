import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createOrchestrator } from '../../src/app/create-orchestrator.ts';
import type { Problem } from '../../src/errors/problem.ts';
import { testHost } from '../rig/test-host.ts';

const folder = fileURLToPath(new URL('../fixtures/broken-workflows/', import.meta.url));

interface Fixture {
  file: string;
  text: string;
  /** Line, column and code of its only problem. */
  expected: string;
  /** Whether the hint is a replacement for what is marked. */
  hasFix: boolean;
}

/** Each file says in its first line what is wrong with it: `# expect: 5:11 task-type-unknown fix`. */
const fixtures = readdirSync(folder).map((file): Fixture => {
  const text = readFileSync(`${folder}${file}`, 'utf8');
  const [, expected = '', fix] = /# expect: (\S+ \S+)( fix)?$/m.exec(text) ?? [];
  return { file, text, expected, hasFix: fix !== undefined };
});

async function problemsIn(file: string, text: string): Promise<Problem[]> {
  return (await createOrchestrator({ host: testHost({ files: { [file]: text } }) }).validateWorkflow(file)).problems;
}

const placeOf = ({ location, code }: Problem): string => `${location?.line ?? 0}:${location?.column ?? 0} ${code}`;

test('there are at least eighty of them, and most can be fixed by the hint', () => {
  expect(fixtures.length).toBeGreaterThanOrEqual(80);
  expect(fixtures.filter(({ hasFix }) => hasFix).length).toBeGreaterThanOrEqual(40);
});

test.each(fixtures)('$file has its problem told with line, column and code', async ({ file, text, expected }) => {
  const problems = await problemsIn(file, text);
  expect(problems.map(placeOf)).toEqual([expected]);
  expect(problems[0]?.location?.file).toBe(file);
  expect(problems[0]?.excerpt).toMatch(/\^/);
});

test.each(fixtures.filter(({ hasFix }) => hasFix))('the hint for $file makes it valid', async ({ file, text }) => {
  const [problem] = await problemsIn(file, text);
  expect(await problemsIn(file, applied(problem!, text))).toEqual([]);
});

test.each(fixtures.filter(({ hasFix }) => !hasFix))(
  'the hint for $file offers no replacement',
  async ({ file, text }) => {
    const [problem] = await problemsIn(file, text);
    expect(problem?.hint ?? '').not.toMatch(/^did you mean/);
  },
);

/** The text with the marked words replaced by those of the hint. */
function applied({ hint = '', excerpt = '', location }: Problem, text: string): string {
  const replacement = /^did you mean '(.+)'\?/.exec(hint)?.[1] ?? '';
  const length = /\^+$/.exec(excerpt)?.[0].length ?? 0;
  const lines = text.split('\n');
  const at = (location?.column ?? 1) - 1;
  const line = lines[(location?.line ?? 1) - 1] ?? '';
  return lines.with((location?.line ?? 1) - 1, line.slice(0, at) + replacement + line.slice(at + length)).join('\n');
}
