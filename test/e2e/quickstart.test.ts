import { spawnSync } from 'node:child_process';
import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { addBuiltin } from '../rig/builtin-home.ts';
import { startFakeOllama } from '../rig/fake-ollama.ts';
import { bin, createRig, type Ended, type Rig } from '../rig/rig.ts';

const timeoutMs = 600_000;
const modelFile = 'SmolLM2-135M-Instruct.Q4_1.gguf';

/** A network namespace of its own with nothing but loopback: the cable is pulled. */
const withoutNetwork = ['unshare', '-n', 'sh', '-c', 'ip link set lo up && exec "$@"', 'sh'] as const;
const canCut = spawnSync(withoutNetwork[0], [...withoutNetwork.slice(1), 'true']).status === 0;
if (!canCut) console.log('skipped: tests that cut the network, since `unshare -n` is not allowed here');

function homeOf(rig: Rig): string {
  return join(rig.home, 'orchestrate');
}

function quickstartOffline(rig: Rig, ...flags: string[]): Promise<Ended> {
  const command: [string, ...string[]] = [...withoutNetwork, process.execPath, bin];
  return rig.run(['quickstart', ...flags], { command }).exit;
}

it('a server that has a model is used, and shown what the tool can do', { timeout: timeoutMs }, async () => {
  await using ollama = await startFakeOllama({ models: ['llama3.2', { name: 'minilm', capabilities: ['embedding'] }] });
  await using rig = await createRig();
  const { code, stdout, stderr } = await rig.run(['quickstart'], { env: { OLLAMA_HOST: ollama.url } }).exit;
  expect(code).toBe(0);
  expect(stdout).toMatch(/=== task1 \(llama3\.2\)\n[\s\S]+=== task2 \(llama3\.2\)\n[\s\S]+=== task3 \(llama3\.2\)\n/);
  expect(stderr).toContain(`using llama3.2 on ${ollama.url}`);
  expect(stderr).toContain('3 tasks completed');
  expect(stderr).toContain('3 steps completed');
  expect(stderr).toContain('npx ollama-orchestrate create-agent mine --models llama3.2');
  expect(ollama.prompts).toHaveLength(6);
});

it.runIf(canCut)(
  'a second quickstart works without a network, and two seeds give two texts',
  { timeout: timeoutMs },
  async () => {
    await using rig = await createRig();
    await addBuiltin(homeOf(rig));
    const first = await quickstartOffline(rig, '--seed', '1');
    const second = await quickstartOffline(rig, '--seed', '2');
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(first.stdout).toContain('=== task3 (smollm2:135m)');
    expect(first.stderr).toContain('on the built-in engine');
    expect(second.stdout).not.toBe(first.stdout);
  },
);

it.runIf(canCut)(
  'without a network and without the model file it says so and exits 4',
  { timeout: timeoutMs },
  async () => {
    await using rig = await createRig();
    await addBuiltin(homeOf(rig));
    renameSync(join(homeOf(rig), 'data', 'models', modelFile), join(rig.home, modelFile));
    const { code, stdout, stderr } = await quickstartOffline(rig);
    expect(code).toBe(4);
    expect(stdout).toBe('');
    expect(stderr).toContain('the file of model smollm2:135m is not in');
  },
);

it.runIf(canCut)('without a network and without an engine it says so and exits 3', { timeout: timeoutMs }, async () => {
  await using rig = await createRig();
  const { code, stderr } = await quickstartOffline(rig);
  expect(code).toBe(3);
  expect(stderr).toContain('no Ollama server answers and the built-in engine is not there');
});
