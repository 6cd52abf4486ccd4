import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { cli, documentOf } from './run-cli.ts';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));

interface Example {
  /** Values and text it is given; all of them must reach a prompt. */
  vars?: Record<string, string>;
  stdin?: string;
  /** Which steps wait for which. */
  needs: Record<string, string[]>;
}

const examples: Record<string, Example> = {
  'article.yaml': {
    vars: { topic: 'why tests should fail once' },
    needs: { plan: [], draft: ['plan'], title: ['draft'], article: ['title', 'draft'] },
  },
  'extract-contacts.yaml': {
    stdin: 'Ask Ada Lovelace, ada@example.org.',
    needs: { passages: [], contacts: ['passages'] },
  },
  'release-notes.yaml': {
    vars: { version: '1.1.0' },
    stdin: 'a1b2c3 Keep the order of results\nd4e5f6 Fix a leak of sockets\n',
    needs: { changes: [], highlights: ['changes'], notes: ['highlights', 'changes'] },
  },
  'review-diff.yaml': {
    stdin: '--- a/add.py\n+++ b/add.py\n-  return a - b\n+  return a + b\n',
    needs: { correctness: [], security: [], clarity: [], review: ['correctness', 'security', 'clarity'] },
  },
  'translate.yaml': {
    vars: { language: 'French' },
    stdin: 'Dear all,\n\nwe ship on Friday.\n',
    needs: { draft: [], remarks: ['draft'], translation: ['draft', 'remarks'] },
  },
};

test('every example is here', () => {
  expect(Object.keys(examples)).toEqual(readdirSync(folder).toSorted());
});

test.each(Object.entries(examples))('%s does its job', async (file, { vars = {}, stdin = '', needs }) => {
  await using fake = await startFakeOllama();
  const flags = Object.entries(vars).flatMap(([name, value]) => ['--var', `${name}=${value}`]);
  const result = await cli(['run-workflow', 'tester', '--file', `${folder}${file}`, ...flags, '--json'], {
    fake,
    stdin,
  });
  expect(result.exit).toBe(0);
  const { steps = [], output, status } = documentOf(result);
  const outputs = new Map(steps.map((step) => [step.name, step.output ?? '']));
  expect(status).toBe('completed');
  expect(Object.fromEntries(steps.map((step) => [step.name, step.needs]))).toEqual(needs);
  for (const { input = '', needs: own = [] } of steps) {
    for (const need of own) expect(input).toContain(outputs.get(need));
  }
  const sent = steps.map(({ input }) => input).join('\n');
  for (const text of [...Object.values(vars), stdin]) expect(sent).toContain(text);
  expect(output).toBe([...outputs.values()].at(-1));
});
