import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createRenderer } from '../../../src/render/index.ts';
import { testHost } from '../../rig/test-host.ts';
import { RunScript } from './run-script.ts';
import { scenarios } from './scenarios.ts';
import { show } from './show.ts';

test('the report has totals, a table, problems and the outputs', async () => {
  const { stdout } = await show(scenarios['failure with skips']!, { output: 'markdown' });
  expect(stdout).toBe(
    `# reviewer: workflow failed

1 of 3 steps completed, 1 failed, 1 skipped in 0.8s, 30 tokens written, 1 model load.

| task | status | model | time | load | tokens in | tokens out | tokens/s |
| --- | --- | --- | --: | --: | --: | --: | --: |
| plan | completed | llama3.2 | 1.5s | 0.5s | 15 | 30 | 20.1 |
| code | failed | llama3.2 |  |  |  |  |  |
| style | skipped |  |  |  |  |  |  |

- code failed: step 'code' took longer than 30s; --timeout 60s
- style skipped: step 'style' needs 'code', which failed

## plan

a plan
`,
  );
});

test('a code block left open does not swallow the rest', async () => {
  const events = new RunScript(['a', 'b'])
    .completed('a', '~~~js\n```\nx')
    .completed('b', '```\ny\n```')
    .end('completed');
  const { stdout } = await show(events, { output: 'markdown' });
  expect(stdout).toContain('## a\n\n~~~js\n```\nx\n~~~\n\n## b\n\n```\ny\n```\n');
});

test('names and messages cannot break the table', async () => {
  const events = new RunScript(['a|b']).failed('a|b', { code: 'server-error', message: '<b>\n# x' }).end('failed');
  const { stdout } = await show(events, { output: 'markdown' });
  expect(stdout).toContain('| a\\|b | failed |');
  expect(stdout).toContain('- a\\|b failed: \\<b\\> \\# x\n');
});

test('the summary of a CI step is appended to its file', async () => {
  expect(await stepSummary(scenarios['workflow']!)).toMatch(
    /^before\n# reviewer: workflow completed\n[^]*## code\n\nthe code\n$/,
  );
});

test('a summary too large for CI is cut, and says so', async () => {
  const names = Array.from({ length: 100 }, (_, index) => `task${index + 1}`);
  const script = new RunScript(names);
  for (const name of names) script.completed(name, 'é'.repeat(20_000));
  const text = await stepSummary(script.end('completed'));
  expect(Buffer.byteLength(text)).toBeLessThan(1024 * 1024);
  expect(text).toContain('… (20000 characters in all)');
});

test('a summary that cannot be written is no reason to fail', async () => {
  const events = scenarios['workflow']!;
  const { stderr } = await show(events, { quiet: true }, { env: { GITHUB_STEP_SUMMARY: '/no/such/folder/file' } });
  expect(stderr).toMatch(/^warning: the summary of the step could not be written: ENOENT/);
});

async function stepSummary(events: (typeof scenarios)[string]): Promise<string> {
  const host = testHost({ files: { 'summary.md': 'before\n' }, env: { GITHUB_STEP_SUMMARY: 'summary.md' } });
  const renderer = createRenderer({ quiet: true, verbose: false }, host);
  for (const event of events) renderer.onEvent(event);
  await renderer.close();
  return readFile(join(host.cwd, 'summary.md'), 'utf8');
}
