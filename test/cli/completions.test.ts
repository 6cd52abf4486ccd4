import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { testHost, writeFiles, type TestHost } from '../rig/test-host.ts';

const root = new URL('../../', import.meta.url);

describe.each([
  { shell: 'bash', file: 'completions/ollama-orchestrate.bash' },
  { shell: 'zsh', file: 'completions/_ollama-orchestrate' },
])('$shell', ({ shell, file }) => {
  it('has a script checked in that fits the commands', async () => {
    const host = testHost();
    await main(['completion', shell], host);
    expect(host.stdout).toBe(readFileSync(new URL(file, root), 'utf8'));
  });

  it.skipIf(isMissing(shell))('can read its script', async () => {
    const host = testHost();
    await main(['completion', shell], host);
    const { stderr, status } = spawnSync(shell, ['-n'], { input: host.stdout, encoding: 'utf8' });
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });
});

/** What is typed, with the cursor at its end, and words that must be and must not be offered. */
const cases: { typed: string; offers: string[]; not?: string[] }[] = [
  { typed: 'ollama-orchestrate ', offers: ['create-agent', 'list-agents', 'completion'], not: ['__complete'] },
  { typed: 'ollama-orchestrate cre', offers: ['create-agent'], not: ['list-agents'] },
  {
    typed: 'ollama-orchestrate create-agent --',
    offers: ['--models', '--if-not-exists', '--host'],
    not: ['--effective'],
  },
  { typed: 'ollama-orchestrate create-agent x --models a --', offers: ['--models', '--force'] },
  { typed: 'ollama-orchestrate show-agent ', offers: ['reviewer', 'writer'], not: ['notes.json'] },
  { typed: 'ollama-orchestrate show-agent wr', offers: ['writer'], not: ['reviewer'] },
  { typed: 'ollama-orchestrate --host gpu:1 show-agent ', offers: ['reviewer'] },
  { typed: 'ollama-orchestrate delete-agent writer ', offers: ['reviewer'] },
  { typed: 'ollama-orchestrate show-run ', offers: ['last', '0198-beef'], not: ['notes.json'] },
  { typed: 'ollama-orchestrate resume-run ', offers: ['last', '0198-beef'] },
  { typed: 'ollama-orchestrate run-tasks x --replay ', offers: ['last', '0198-beef', 'notes.json'] },
  { typed: 'ollama-orchestrate run-tasks x --reuse --mo', offers: ['--model'] },
  { typed: 'ollama-orchestrate list-agents --output ', offers: ['text', 'json'], not: ['ndjson'] },
  { typed: 'ollama-orchestrate completion ', offers: ['bash', 'zsh'] },
  { typed: 'ollama-orchestrate create-agent x --config no', offers: ['notes.json'] },
  { typed: 'ollama-orchestrate create-agent x --system @no', offers: ['@notes.json'] },
  { typed: 'ollama-orchestrate list-agents --config-dir fo', offers: ['folder'], not: ['notes.json'] },
  { typed: 'ollama-orchestrate help sh', offers: ['show-agent'], not: ['create-agent'] },
];

describe.each(['bash', 'zsh'] as const)('%s, asked by its own completion system,', (shell) => {
  it.skipIf(isMissing(shell)).each(cases)('completes `$typed`', async ({ typed, offers, not = [] }) => {
    const host = testHost({
      files: { 'notes.json': '{}', 'folder/x': '', 'bin/ollama-orchestrate': programWithAgents },
    });
    chmodSync(join(host.cwd, 'bin/ollama-orchestrate'), 0o755);
    await main(['completion', shell], host);
    writeFiles(host.cwd, { script: host.stdout });
    const offered = offer(shell, typed, host);
    expect(offered).toEqual(expect.arrayContaining(offers));
    for (const word of not) expect(offered).not.toContain(word);
  });
});

it('prints the script as a document with --json', async () => {
  const plain = testHost();
  await main(['completion', 'bash'], plain);
  const host = testHost();
  expect(await main(['completion', 'bash', '--json'], host)).toBe(0);
  expect(JSON.parse(host.stdout)).toEqual({ shell: 'bash', script: plain.stdout });
});

it('lists the names of agents for the scripts', async () => {
  const host = testHost();
  await main(['create-agent', 'reviewer', '--models', 'llama3.2'], host);
  const asking = { ...testHost(), env: host.env };
  await main(['__complete', 'agents'], asking);
  expect(asking.io.stdout).toMatchObject({ text: 'reviewer\n' });
});

const programWithAgents = `#!/bin/sh
[ "$1 $2" = "__complete agents" ] && printf "reviewer\\nwriter\\n"
[ "$1 $2" = "__complete runs" ] && printf "last\\n0198-beef\\n"
`;

/** The words a shell offers for what is typed, without the blanks, `=` and `/` it adds behind them. */
function offer(shell: 'bash' | 'zsh', typed: string, { cwd }: TestHost): string[] {
  const words = shell === 'bash' ? typed.split(' ') : [typed];
  const out = execFileSync(shell, [...startFlags[shell], fixture(`complete.${shell}`), join(cwd, 'script'), ...words], {
    cwd,
    env: { PATH: `${join(cwd, 'bin')}:${process.env['PATH'] ?? ''}`, HOME: cwd, TERM: 'dumb' },
    timeout: 30_000,
    killSignal: 'SIGKILL',
    encoding: 'utf8',
  });
  return out.split('\n').map((word) => word.trim().replace(/[=/]$/, ''));
}

const startFlags = { bash: ['--norc'], zsh: ['-f'] };

function fixture(name: string): string {
  return fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
}

function isMissing(shell: string): boolean {
  const missing = spawnSync(shell, ['-c', ':']).status !== 0;
  if (missing) console.log(`skipped: there is no ${shell} on this machine`);
  return missing;
}
