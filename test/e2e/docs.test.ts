import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startFakeOllamaProcess } from '../rig/fake-ollama-process.ts';
import { createRig } from '../rig/rig.ts';
import { runShell } from '../rig/shell.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const models = 'llama3.2,codellama,llama2,all-minilm=embedding';

/** The code blocks of a page in one language, but for those that install this very checkout. */
function blocksOf(page: string, language: string): string[] {
  const text = readFileSync(join(root, page), 'utf8');
  const blocks = [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)];
  return blocks.flatMap(([, found, code = '']) => (found === language && !code.startsWith('npm ci') ? [code] : []));
}

describe.each(['README.md', 'docs/guide.md', 'docs/workflows.md'])('the examples of %s', (page) => {
  it('run as a shell script', async () => {
    await using ollama = await startFakeOllamaProcess('--models', models);
    await using rig = await createRig();
    rig.write({ 'notes.txt': 'some notes', 'tasks.jsonl': 'generate:Say hello\n' });
    const env = { OLLAMA_HOST: ollama.url, GPU2_TOKEN: 'secret' };
    const { code, stderr } = await runShell(rig, blocksOf(page, 'sh'), env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('completed') as string });
  });

  it('compile and run as TypeScript', async () => {
    await using ollama = await startFakeOllamaProcess('--models', models);
    await using rig = await createRig();
    mkdirSync(join(rig.cwd, 'node_modules'));
    symlinkSync(root, join(rig.cwd, 'node_modules', 'ollama-orchestrate'));
    symlinkSync(join(root, 'node_modules', '@types'), join(rig.cwd, 'node_modules', '@types'));
    for (const [index, code] of blocksOf(page, 'ts').entries()) {
      rig.write({ 'package.json': '{"type":"module"}', [`example${index}.ts`]: code });
      await compile(rig.cwd, `example${index}.ts`);
      const example = rig.run([`example${index}.js`], {
        command: [process.execPath],
        env: { OLLAMA_HOST: ollama.url },
      });
      const { code: exit, stdout, stderr } = await example.exit;
      expect({ exit, stderr: stderr.includes('Error') }).toEqual({ exit: 0, stderr: false });
      expect(stdout.trim()).not.toBe('');
    }
  });
});

it('the examples of docs/server.md run as a shell script', async () => {
  await using ollama = await startFakeOllamaProcess('--models', models, '--hang', 'novel,story');
  await using rig = await createRig();
  const port = String(await freePort());
  const lines = blocksOf('docs/server.md', 'sh').map((block) => block.replaceAll('11435', port));
  const { code, stdout, stderr } = await runShell(rig, lines, { OLLAMA_HOST: ollama.url });
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringMatching(/^listening on \S+\n/) as string });
  expect(stdout.match(/"status":"completed"/g)?.length).toBeGreaterThan(5);
  for (const answer of [
    /"name":"attempt","description":"","models":\["codellama"\]/,
    /"longest_path":\["plan","poem"\]/,
    /"cancelled":"[-\w]{36}"/,
    /exit code 130\n.*"input":"Write a story","status":"completed"/,
  ]) {
    expect(stdout).toMatch(answer);
  }
  expect(stdout).not.toContain('"error"');
});

it('the examples of docs/simulator.md run as a shell script', async () => {
  await using rig = await createRig();
  const port = String(await freePort());
  const lines = blocksOf('docs/simulator.md', 'sh').map((block) => block.replaceAll('11499', port));
  const { code, stdout, stderr } = await runShell(rig, lines, {});
  expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining('2 tasks completed') as string });
  expect(stdout).toContain('"response":"Simulated answer of llama3.2');
  expect(stdout).toContain('"loads":{"llama3.2:latest":1}');
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

async function compile(cwd: string, file: string): Promise<void> {
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', '--skipLibCheck'];
  await promisify(execFile)(process.execPath, [tsc, file, ...options], { cwd }).catch((error: unknown) => {
    throw new Error((error as { stdout: string }).stdout);
  });
}
