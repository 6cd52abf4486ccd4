import { describe, expect, it } from 'vitest';
import { createHome } from './home.ts';
import { cli, documentOf, onlyTask, runTasks, runWorkflow } from './run-cli.ts';

// The simulated backend: no server listens anywhere, and none is needed.

const simulated = ['--backend', 'simulated'];

describe('--backend simulated', () => {
  it('runs a workflow, and says aloud that it is made up', async () => {
    const steps = ['plan:generate:Plan it', 'code:chat:Do {{plan}}', 'vector:embed:{{code}}'];
    const models = ['llama3.2', 'nomic-embed-text'];
    const { exit, stdout, stderr } = await runWorkflow(steps, simulated, { agent: { models } });
    expect([exit, (JSON.parse(stdout) as number[]).length]).toEqual([0, 768]);
    expect(stderr).toContain('plan warning: simulated: no model was asked, the answer is made up');
    expect(stderr).toContain('2 model loads');
  });

  it('says so in every answer and in the document of the run', async () => {
    const task = onlyTask(await runTasks(['generate:Hi'], [...simulated, '--json'], {}));
    expect(task).toMatchObject({
      output: expect.stringMatching(/^Simulated answer of llama3\.2: /) as string,
      host: 'http://simulated',
      warnings: [{ code: 'simulated', message: 'simulated: no model was asked, the answer is made up' }],
    });
  });

  it('has every model that is named, with what its name promises', async () => {
    const { exit, stdout } = await runTasks(['embed:Hi'], [...simulated, '--json'], {
      agent: { models: ['made-up:70b', 'made-up-embed'] },
    });
    expect([exit, onlyTask({ stdout }).model_used]).toEqual([0, 'made-up-embed']);
  });

  it('answers in the form that is asked for', async () => {
    const format = { type: 'object', properties: { n: { type: 'integer', minimum: 3, maximum: 3 } }, required: ['n'] };
    const files = { 'tasks.jsonl': JSON.stringify({ type: 'generate', input: 'x', format }) };
    const argv = ['run-tasks', 'tester', '--tasks-file', 'tasks.jsonl', '--json', ...simulated];
    expect(onlyTask(await cli(argv, { files })).structured).toEqual({ n: 3 });
  });

  it('has code in its answers where code is asked for', async () => {
    const argv = [...simulated, '--extract', 'code:python'];
    expect(await runTasks(['generate:Write a Python function'], argv, {})).toMatchObject({
      ...{ exit: 0, stdout: '# simulated\n' },
    });
  });

  it('is taken from the environment and from the agent', async () => {
    const env = { OLLAMA_ORCHESTRATE_BACKEND: 'simulated' };
    expect((await runTasks(['generate:Hi'], [], { env })).exit).toBe(0);
    expect((await runTasks(['generate:Hi'], [], { agent: { config: { backend: 'simulated' } } })).exit).toBe(0);
    const { exit, stderr } = await runTasks(['generate:Hi'], [], { env: { OLLAMA_ORCHESTRATE_BACKEND: 'simulate' } });
    expect([exit, stderr]).toEqual([2, expect.stringContaining("there is no backend 'simulate'")]);
  });

  it('plans without a prompt, and warns there too', async () => {
    const { exit, stdout } = await runTasks(['generate:Hi'], [...simulated, '--dry-run', '--json'], {});
    const { tasks } = JSON.parse(stdout) as { tasks: { warnings: { code: string }[] }[] };
    expect([exit, tasks[0]?.warnings.map(({ code }) => code)]).toEqual([0, ['simulated']]);
  });

  it('ends when it is interrupted', async () => {
    const env = { OLLAMA_ORCHESTRATE_SIMULATOR: 'sim.yaml' };
    const files = { 'sim.yaml': 'time_scale: 1\nmodels: [{ name: llama3.2, load: 1h }]\n' };
    const { exit } = await runTasks(['generate:Hi'], simulated, {
      ...{ env, files },
      onStart: (host) => setImmediate(() => host.interrupt()),
    });
    expect(exit).toBe(130);
  });

  it('never gives its answers to runs of real models', async () => {
    const home = await createHome();
    await home.cli(['run-tasks', 'tester', '--tasks', 'generate:Hi', '--option', 'seed=1', ...simulated]);
    const again = ['run-tasks', 'tester', '--tasks', 'generate:Hi', '--option', 'seed=1', '--reuse', '--json'];
    expect((await home.cli(again)).exit).toBe(3);
  });

  it('goes on in a run that is tried again', async () => {
    const env = { OLLAMA_ORCHESTRATE_SIMULATOR: 'sim.yaml' };
    const home = await createHome();
    const broken = 'models: [{ name: llama3.2 }]\nfaults: [{ kind: error-500 }]\n';
    const argv = ['run-tasks', 'tester', '--tasks', 'generate:Hi', '--retries', '0', ...simulated];
    expect((await home.cli(argv, { env, files: { 'sim.yaml': broken } })).exit).toBe(1);
    const retried = await home.cli(['retry-run', 'last', '--json']);
    expect(documentOf(retried).tasks?.[0]).toMatchObject({ status: 'completed', host: 'http://simulated' });
  });
});

describe('faults of the simulated backend', () => {
  const run = (faults: string, more: readonly string[] = []) =>
    runTasks(['generate:Hi'], [...simulated, '--json', ...more], {
      env: { OLLAMA_ORCHESTRATE_SIMULATOR: 'sim.yaml' },
      files: { 'sim.yaml': `models: [{ name: llama3.2 }]\nfaults: [${faults}]\n` },
    });

  it.each([
    ['{ kind: error-500 }', 'model-failed'],
    ['{ kind: crash-load }', 'model-failed'],
    ['{ kind: 503 }', 'server-busy'],
    ['{ kind: drop-stream }', 'stream-broken'],
    ['{ kind: kill-runner }', 'model-failed'],
    ['{ kind: end-early }', 'stream-incomplete'],
  ])('%s is the problem %s', async (fault, code) => {
    const { exit, stdout } = await run(fault, ['--retries', '0']);
    expect([exit, onlyTask({ stdout }).problem?.code]).toEqual([1, code]);
  });

  it('are got over by trying again', async () => {
    const { exit, stdout } = await run('{ kind: error-500, count: 1 }');
    expect([exit, onlyTask({ stdout }).attempts]).toEqual([0, 2]);
  });

  it('are wrong usage when the file is wrong', async () => {
    const { exit, stderr } = await run('{ kind: explode }');
    expect([exit, stderr]).toEqual([2, expect.stringContaining('sim.yaml: faults[0].kind: must be one of')]);
  });
});
