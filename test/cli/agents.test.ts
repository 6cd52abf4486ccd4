import { expect, it, describe } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { parseSetting } from '../../src/cli/agent-flags.ts';
import { createCli } from '../../src/cli/cli.ts';
import { newCreateAgentCommand } from '../../src/cli/commands/create-agent.ts';
import { newDeleteAgentCommand } from '../../src/cli/commands/delete-agent.ts';
import { newUpdateAgentCommand } from '../../src/cli/commands/update-agent.ts';
import { showAgent } from '../../src/cli/commands/show-agent.ts';
import { testHost, type TestHostOptions } from '../rig/test-host.ts';

/** Runs commands one after another in one home; the answer is that of the last. */
async function run(...commands: [string[], ...string[][]] | [TestHostOptions, ...string[][]]) {
  const [first, ...rest] = commands;
  const options = Array.isArray(first) ? {} : first;
  const all: string[][] = Array.isArray(first) ? [first, ...rest] : rest;
  const homeOf = testHost(options);
  let answer = { exit: -1, stdout: '', stderr: '' };
  for (const argv of all) {
    const host = { ...testHost(options), env: homeOf.env, cwd: homeOf.cwd, files: homeOf.files };
    const exit = await main(argv, host);
    answer = { exit, stdout: textOf(host.io.stdout), stderr: textOf(host.io.stderr) };
  }
  return answer;
}

const textOf = (output: unknown) => (output as { text: string }).text;
const json = (text: string) => JSON.parse(text) as Record<string, unknown>;
const create = ['create-agent', 'reviewer', '--models', 'llama3.2,codellama'];

describe('argv becomes options:', () => {
  it.each([
    [['x', '--models', 'a,b'], { name: 'x', models: ['a', 'b'] }],
    [['x', '--models', 'a, b', '--models', 'c'], { models: ['a', 'b', 'c'] }],
    [['x', '--description', '-- two dashes', '--system', '@file'], { description: '-- two dashes', system: '@file' }],
    [['x', '--set', 'a=1', '--set', 'b=2'], { set: ['a=1', 'b=2'] }],
    [['x', '--config', '-'], { config: '-' }],
    [['x', '--if-not-exists'], { ifNotExists: true }],
    [['x', '--force'], { force: true }],
    [['x', '--output', 'json'], { output: 'json' }],
  ])('create-agent %j', async (argv, expected) => {
    let options: object = {};
    const command = newCreateAgentCommand(createCli(testHost()).cli, (given) => {
      options = given;
      return Promise.resolve(0);
    });
    await command.parseAsync(argv, { from: 'user' });
    expect(options).toMatchObject(expected);
  });

  it('update-agent takes the flags of create-agent', () => {
    const { cli } = createCli(testHost());
    const flags = (command: { options: readonly { long?: string | undefined }[] }) =>
      command.options.map(({ long }) => long);
    const own = flags(newCreateAgentCommand(cli)).filter((flag) => flag !== '--if-not-exists' && flag !== '--force');
    expect(flags(newUpdateAgentCommand(cli))).toEqual(own);
  });

  it('delete-agent takes several', async () => {
    let agents: string[] = [];
    const command = newDeleteAgentCommand(createCli(testHost()).cli, (options) => {
      agents = options.agents;
      return Promise.resolve(0);
    });
    await command.parseAsync(['a', 'b'], { from: 'user' });
    expect(agents).toEqual(['a', 'b']);
  });

  it.each([
    ['retries=3', { config: { retries: 3 } }],
    ['config.retries=3', { config: { retries: 3 } }],
    ['options.num_ctx=8192', { config: { options: { num_ctx: 8192 } } }],
    ['default_model=llama3.2:1b', { config: { default_model: 'llama3.2:1b' } }],
    ['keep_alive=null', { config: { keep_alive: null } }],
    ['hosts=["a","b"]', { config: { hosts: ['a', 'b'] } }],
    ['models=["a"]', { models: ['a'] }],
    ['system=a=b', { system: 'a=b' }],
    ['description=', { description: '' }],
  ])('--set %s', (setting, patch) => {
    expect(parseSetting(setting)).toEqual(patch);
  });

  it.each([
    ['retries', "--set 'retries' is not of the form key=value"],
    ['=3', "--set '=3' is not of the form key=value"],
    ['options..x=3', "--set 'options..x=3' is not of the form key=value"],
    ['name=x', "--set: 'name' of an agent cannot be changed"],
    ['id=x', "--set: 'id' of an agent cannot be changed"],
  ])('--set %s is refused', (setting, message) => {
    expect(() => parseSetting(setting)).toThrow(message);
  });
});

describe('create-agent', () => {
  it('prints the id and nothing else', async () => {
    const { exit, stdout, stderr } = await run(create);
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(/^[0-9a-f-]{36}\n$/);
  });

  it('keeps the servers it is given, and says that --host is not one of them', async () => {
    const hosts = ['--hosts', 'http://gpu1:11434,gpu2'];
    const { stdout, stderr } = await run([...create, ...hosts, '--host', 'http://gpu3', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ config: { hosts: ['http://gpu1:11434', 'gpu2'] } });
    expect(stderr).toBe(
      'note: --host says where one command goes, it is not kept; --hosts keeps servers with the agent\n',
    );
  });

  it('prints the agent with --json', async () => {
    const { stdout } = await run([...create, '--json', '--set', 'retries=1']);
    expect(json(stdout)).toMatchObject({ name: 'reviewer', models: ['llama3.2', 'codellama'], config: { retries: 1 } });
  });

  it('puts --set over --config over plain flags', async () => {
    const config = JSON.stringify({
      description: 'config',
      models: ['config'],
      retries: 1,
      config: { fallback: false },
    });
    const flags = ['--description', 'plain', '--config', 'c.json', '--set', 'models=["set"]', '--set', 'retries=2'];
    const { stdout } = await run({ files: { 'c.json': config } }, [...create, ...flags, '--json']);
    expect(json(stdout)).toMatchObject({
      description: 'config',
      models: ['set'],
      config: { retries: 2, fallback: false },
    });
  });

  it('reads the system prompt from a file, bytes as they are', async () => {
    const { stdout } = await run({ files: { 'p.txt': ' Be brief.\n' } }, [...create, '--system', '@p.txt', '--json']);
    expect(json(stdout)['system']).toBe(' Be brief.\n');
  });

  it.each(['@@word', '@two words'])("takes --system '%s' as text", async (text) => {
    const { stdout } = await run([...create, '--system', text, '--json']);
    expect(json(stdout)['system']).toBe(text.replace('@@', '@'));
  });

  it('reads settings from stdin', async () => {
    const { stdout } = await run({ stdin: '{"retries":4}' }, [...create, '--config', '-', '--json']);
    expect(json(stdout)['config']).toEqual({ retries: 4 });
  });

  it('takes what show-agent prints', async () => {
    const shown = (await run([...create, '--set', 'retries=4'], ['show-agent', 'reviewer', '--json'])).stdout;
    const { stdout } = await run({ stdin: shown }, ['create-agent', 'copy', '--config', '-', '--json']);
    expect(json(stdout)).toMatchObject({ name: 'copy', models: ['llama3.2', 'codellama'], config: { retries: 4 } });
  });

  it.each([
    [['--config', 'none.json'], "cannot read file 'none.json': no such file"],
    [['--system', '@none.txt'], "cannot read file 'none.txt': no such file"],
    [['--config', 'list.json'], '--config: list.json does not hold a JSON object'],
    [['--config', 'binary'], "file 'binary' is not UTF-8 text"],
    [['--set', 'retires=1'], "config.retires: unknown key, did you mean 'retries'?"],
  ])('refuses %j', async (flags, message) => {
    const files = { 'list.json': '[]', binary: new Uint8Array([0xff, 0xfe]) };
    const { exit, stdout, stderr } = await run({ files }, [...create, ...flags]);
    expect({ exit, stdout, stderr: stderr.split('\n')[0] }).toEqual({
      exit: 2,
      stdout: '',
      stderr: `error: ${message}`,
    });
  });

  it.each(['--if-not-exists', '--force'])('prints the id of the agent that is there with %s', async (flag) => {
    const host = testHost();
    await main(create, host);
    await main([...create, flag], host);
    const [first, second] = host.stdout.split('\n');
    expect(second).toBe(first);
  });

  it('says what to do when the name is taken', async () => {
    const { exit, stderr } = await run(create, create);
    expect({ exit, stderr }).toEqual({
      exit: 2,
      stderr:
        "error: an agent named 'reviewer' exists already\n" +
        '  --force replaces it, --if-not-exists keeps it, update-agent changes it\n',
    });
  });

  it('ends with 74 where it cannot write, and names the file', async () => {
    const { exit, stderr } = await run({ files: { taken: '' } }, [...create, '--config-dir', 'taken']);
    expect(exit).toBe(74);
    expect(stderr).toMatch(/^error: cannot (read|write) \S+taken\/agents\S*: a part of the path is not a folder\n/);
  });
});

describe('list-agents', () => {
  it('prints the header alone when there are none', async () => {
    expect(await run(['list-agents'])).toEqual({ exit: 0, stdout: 'NAME    ID    MODELS    MODIFIED\n', stderr: '' });
  });

  it("prints a table as Ollama's CLI does", async () => {
    const { stdout } = await run(create, ['create-agent', 'x', '--models', 'a'], ['list-agents']);
    const id = '[0-9a-f]{8}-[0-9a-f]{4}';
    expect(stdout).toMatch(
      new RegExp(
        '^NAME        ID               MODELS                 MODIFIED\n' +
          `reviewer    ${id}    llama3\\.2, codellama    .+ ago\n` +
          `x           ${id}    a                      .+ ago\n$`,
      ),
    );
  });

  it('aligns names of models in other writings', async () => {
    const { stdout } = await run(
      ['create-agent', 'x', '--models', '模型'],
      ['create-agent', 'y', '--models', 'abcd'],
      ['list-agents'],
    );
    const [, first = '', second = ''] = stdout.split('\n');
    expect(first.indexOf('模型') + 4 + 6).toBe(first.search(/\S+ \S* ?\S* ?\S* ?ago$/) + 2);
    expect(second).toContain('abcd');
  });

  it('lists the others and exits 2 when one is damaged', async () => {
    const files = { 'config/agents/bad.json': '{' };
    const { exit, stdout, stderr } = await run(
      { files },
      [...create, '--config-dir', 'config'],
      ['list-agents', '--json', '--config-dir', 'config'],
    );
    expect(exit).toBe(2);
    expect(json(stdout)).toMatchObject({ agents: [{ name: 'reviewer' }] });
    expect(stderr).toMatch(/^error: agent file \S+bad\.json is damaged: it is not JSON/);
  });
});

describe('show-agent', () => {
  const secret = ['--set', 'hosts=[{"url":"https://u:pw@gpu","headers":{"Authorization":"Bearer pw","X-Key":"$KEY"}}]'];

  it.each([['--json'], ['--effective'], ['--json', '--effective'], []])(
    'never prints a secret (%s %s)',
    async (...flags) => {
      const { stdout } = await run([...create, ...secret], ['show-agent', 'reviewer', ...flags.filter(Boolean)]);
      expect(stdout).toContain('$KEY');
      expect(stdout).not.toContain('pw');
    },
  );

  it('prints what is set', async () => {
    const flags = ['--set', 'retries=1', '--set', 'options.num_ctx=8192', '--system', 'Be brief.\nBe kind.'];
    const { stdout } = await run([...create, ...flags], ['show-agent', 'reviewer']);
    expect(stdout.replace(/(id|created) .*/g, '$1 …')).toBe(`  Agent
    name       reviewer
    id …
    created …

  Models
    llama3.2
    codellama

  Config
    retries            1
    options.num_ctx    8192

  System
    Be brief.
    Be kind.
`);
  });

  it('prints with --effective where each value comes from', async () => {
    const { stdout } = await run([...create, '--set', 'retries=1'], ['show-agent', 'reviewer', '--effective']);
    const words = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
    expect(words).toContainEqual(['retries', '1', 'agent']);
    expect(words).toContainEqual(['timeout_seconds', '300', 'default']);
    expect(words).toContainEqual(['hosts', 'http://127.0.0.1:1', 'OLLAMA_HOST']);
  });

  it('adds what a survey finds', async () => {
    const host = testHost();
    await main(create, host);
    const asked = { ...testHost(), env: host.env };
    const model = {
      name: 'llama3.2:latest',
      digest: '',
      size_bytes: 1,
      capabilities: ['completion' as const],
      context_length: 131072,
    };
    const survey = () => Promise.resolve({ hosts: [{ url: 'http://gpu', models: [model] }] });
    await showAgent({ agent: 'reviewer', effective: true, color: true }, asked, survey);
    expect(textOf(asked.io.stdout)).toContain(
      '    llama3.2     completion       context 131072\n    codellama    not installed\n',
    );
  });

  it('does not call a model missing that may be on a server that could not be asked', async () => {
    const { exit, stdout } = await run(create, ['show-agent', 'reviewer', '--effective']);
    expect(exit).toBe(0);
    expect(stdout).toContain('    llama3.2     not known\n    codellama    not known\n');
    expect(stdout).toContain('  Problems\n    no Ollama server answers at http://127.0.0.1:1');
  });

  it('shows what is kept even when no server can be asked', async () => {
    const { exit, stdout } = await run([...create, ...secret], ['show-agent', 'reviewer', '--effective']);
    expect(exit).toBe(0);
    expect(stdout).toContain(
      '  Problems\n    header X-Key of host https://gpu takes its value from KEY, which is not set\n',
    );
  });

  it('cannot be made to act on the terminal', async () => {
    const evil = [...create, '--description', '\u001b]0;evil\u0007'];
    const { stdout } = await run({ isTTY: true }, evil, ['show-agent', 'reviewer']);
    expect(stdout).not.toContain('\u001b');
  });
});

describe('update-agent', () => {
  it('changes what is given', async () => {
    const { stdout } = await run(
      [...create, '--set', 'retries=1'],
      ['update-agent', 'reviewer', '--models', 'x', '--json'],
    );
    expect(json(stdout)).toMatchObject({ models: ['x'], config: { retries: 1 } });
  });

  it('removes a setting with null', async () => {
    const { stdout } = await run(
      [...create, '--set', 'retries=1'],
      ['update-agent', 'reviewer', '--set', 'retries=null', '--json'],
    );
    expect(json(stdout)['config']).toEqual({});
  });

  it('refuses to change nothing', async () => {
    const { exit, stderr } = await run(create, ['update-agent', 'reviewer']);
    expect({ exit, stderr: stderr.split('\n')[0] }).toEqual({
      exit: 2,
      stderr: "error: nothing to change in agent 'reviewer'",
    });
  });
});

describe('delete-agent', () => {
  it('says what is gone', async () => {
    const answer = await run(create, ['create-agent', 'x', '--models', 'a'], ['delete-agent', 'x', 'reviewer']);
    expect(answer).toEqual({ exit: 0, stdout: "deleted 'x'\ndeleted 'reviewer'\n", stderr: '' });
  });

  it('deletes none if one is unknown', async () => {
    const { stdout } = await run(create, ['delete-agent', 'reviewer', 'nobody'], ['list-agents', '--json']);
    expect(json(stdout)).toMatchObject({ agents: [{ name: 'reviewer' }] });
  });
});
