import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { startFakeOllama, type FakeCall } from '../rig/fake-ollama.ts';
import { createRig } from '../rig/rig.ts';
import { runShell } from '../rig/shell.ts';

const folder = fileURLToPath(new URL('../../examples/', import.meta.url));
const models = ['llama3.2', 'codellama', { name: 'all-minilm', capabilities: ['embedding' as const] }];
const examples = Object.fromEntries(
  readdirSync(folder).map((file) => [file, readFileSync(`${folder}${file}`, 'utf8')]),
);

/** What the commands of the examples read. */
const inputs = {
  'letters/a.md': 'Dear Ada,\n',
  'letters/b.md': "It's b.\n",
  'invoices/1.txt': 'Invoice 1\n',
  'notes/a.md': 'a\n',
  'notes/b.md': 'b\n',
  'book.txt': 'A line of a long book.\n'.repeat(1000),
  'handbook.md': 'Orders leave within two days.\n',
  'mail.txt': 'When does it leave?\n',
};

/** A repository with a tag, and with a change on a branch. */
const repository = [
  'git init -q -b main . && git config user.email ada@example.org && git config user.name Ada',
  'git add book.txt && git commit -q -m "Write a book" && git tag v1.0.0',
  'echo More >> book.txt && git commit -q -a -m "Write more" && echo "And more" >> book.txt',
];

/** The indented lines of the comment at its top. */
const commandsOf = (text: string): string[] => [...text.matchAll(/^# {3}(.*)$/gm)].map(([, line = '']) => line);

/** Answers to prompts with certain words, where any answer will not do. */
const answers: Record<string, Record<string, string>> = {
  'article.yaml': {
    'Plan an article': JSON.stringify({
      ...{ title: 'T', point: 'P' },
      sections: ['One', 'Two'].map((heading) => ({ heading, says: 'so' })),
    }),
  },
  'write-function.yaml': { Python: '```python\ndef f():\n    return 1\n```' },
};

/** What is there afterwards, by example. */
const results: Record<string, Record<string, RegExp>> = {
  'embed-folder.yaml': { 'index.jsonl': /^\{"file":"notes\/a\.md","embedding":\[.*\n\{"file":"notes\/b\.md",.*\n$/ },
  'translate-folder.yaml': { 'letters/a.md.French': /\S/, 'letters/b.md.French': /\S/ },
  'write-function.yaml': { 'function.py': /^def f\(\):\n {4}return 1\n$/ },
};

test.each(Object.entries(examples))('%s runs as it says', async (file, text) => {
  await using fake = await startFakeOllama({ models });
  await using rig = await createRig();
  for (const [words, answer] of Object.entries(answers[file] ?? {})) {
    const isAsked = (call: FakeCall): boolean => call.request.prompt?.includes(words) ?? false;
    fake.reply(isAsked, (call) => call.send(answer).then(() => call.finish()), { times: Infinity });
  }
  rig.write({ ...inputs, ...examples });
  const commands = commandsOf(text);
  const { code: exit, stdout, stderr } = await runShell(rig, [...repository, ...commands], { OLLAMA_HOST: fake.url });
  expect({ exit, stderr }).toEqual({ exit: 0, stderr: expect.stringContaining('completed') as string });
  expect(stdout).toMatch(/\S/);
  for (const [name, pattern] of Object.entries(results[file] ?? {})) {
    expect(readFileSync(join(rig.cwd, name), 'utf8')).toMatch(pattern);
  }
});

test.each(['article.yaml', 'release-notes.yaml', 'write-function.yaml'])(
  '%s can be rehearsed without a server',
  async (file) => {
    await using rig = await createRig();
    rig.write({ ...inputs, ...examples });
    const commands = [...repository, ...commandsOf(examples[file] ?? '')];
    const { code: exit, stdout, stderr } = await runShell(rig, commands, { OLLAMA_ORCHESTRATE_BACKEND: 'simulated' });
    expect({ exit, stderr }).toEqual({
      exit: 0,
      stderr: expect.stringContaining('simulated: no model was asked') as string,
    });
    expect(stdout).toMatch(/\S/);
  },
);
