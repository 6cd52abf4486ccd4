import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createCli, type GlobalFlags } from '../../src/cli/cli.ts';
import { helpPage } from '../../src/cli/help-page.ts';
import { main } from '../../src/cli/main.ts';
import { createProgram } from '../../src/cli/program.ts';
import {
  collect,
  collectList,
  collectPairs,
  readCount,
  readDurationMs,
  readModel,
} from '../../src/cli/read-options.ts';
import { relativeTime } from '../../src/cli/relative-time.ts';
import { reportFailure } from '../../src/cli/report-failure.ts';
import { ProblemError } from '../../src/errors/problem.ts';
import { version } from '../../src/lib/version.ts';
import { testHost } from '../rig/test-host.ts';

async function run(...argv: string[]) {
  const host = testHost();
  const exit = await main(argv, host);
  return { exit, stdout: host.stdout, stderr: host.stderr };
}

/** As the help page lists them, `help` apart. */
const commandNames = [...helpPage.matchAll(/^ {2}([a-z][a-z-]+)/gm)]
  .map(([, name = '']) => name)
  .filter((name) => name !== 'help');

const program = () => createProgram(createCli(testHost()).cli);

describe('help', () => {
  it.each([[[]], [['--help']], [['-h']], [['help']]])('is printed on stdout for %j', async (argv) => {
    expect(await run(...argv)).toEqual({ exit: 0, stdout: helpPage, stderr: '' });
  });

  it('is set for the width of the terminal', async () => {
    const host = testHost({ isTTY: true, columns: 50 });
    await main(['--help'], host);
    expect(host.stdout).not.toBe(helpPage);
    expect(host.stdout).toContain('create-agent NAME');
  });

  it('ends with the variables it reads', () => {
    expect(helpPage).toMatch(/\nEnvironment Variables:\n( {2}[A-Z_]+ {2,}\S.*\n)+$/);
  });

  it.each(commandNames)('has a page for %s, within 80 columns', async (name) => {
    const { exit, stdout, stderr } = await run(name, '--help');
    expect({ exit, stderr }).toEqual({ exit: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^Usage: ollama-orchestrate ${name}( |$)`, 'm'));
    expect(stdout).not.toMatch(/<[A-Z]/);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('version', () => {
  it.each(['--version', '-v'])('is printed for %s', async (flag) => {
    const stdout = `ollama-orchestrate version is ${version}\n`;
    expect(await run(flag)).toEqual({ exit: 0, stdout, stderr: '' });
  });

  it('is the same beside other flags, where the command tree answers', async () => {
    expect((await run('--quiet', '--version')).stdout).toBe((await run('--version')).stdout);
  });
});

describe('wrong usage exits 2 with nothing on stdout and says', () => {
  it.each([
    [['creat-agent'], "unknown command 'creat-agent', did you mean 'create-agent'?", 'ollama-orchestrate --help'],
    [
      ['create-agent', 'x', '--modles', 'a'],
      "unknown option '--modles', did you mean '--models'?",
      'ollama-orchestrate create-agent --help',
    ],
    [
      ['create-agent', 'x', '--quite'],
      "unknown option '--quite', did you mean '--quiet'?",
      'ollama-orchestrate create-agent --help',
    ],
    [['create-agent'], "missing required argument 'NAME'", 'ollama-orchestrate create-agent --help'],
    [
      ['show-agent', 'a', 'b'],
      "too many arguments for 'show-agent'. Expected 1 argument but got 2.",
      'ollama-orchestrate show-agent --help',
    ],
    [
      ['list-agents', '--output', 'xml'],
      "option '--output <FORMAT>' argument 'xml' is invalid. Allowed choices are text, json.",
      'ollama-orchestrate list-agents --help',
    ],
    [
      ['completion', 'fish'],
      "command-argument value 'fish' is invalid for argument 'SHELL'. Allowed choices are bash, zsh.",
      'ollama-orchestrate completion --help',
    ],
    [
      ['completion', 'bsh'],
      "command-argument value 'bsh' is invalid for argument 'SHELL'. Allowed choices are bash, zsh; did you mean 'bash'?",
      'ollama-orchestrate completion --help',
    ],
    [
      ['run-tasks', 'a', '--backend', 'bultin'],
      "option '--backend <BACKEND>' argument 'bultin' is invalid. Allowed choices are ollama, builtin, simulated; did you mean 'builtin'?",
      'ollama-orchestrate run-tasks --help',
    ],
    [
      ['run-tasks', 'a', 'generate:x'],
      "too many arguments for 'run-tasks'. Expected 1 argument but got 2.",
      'each goes behind a flag of its own: --tasks TYPE:PROMPT',
    ],
    [
      ['run-workflow', 'a', 'x:generate:x'],
      "too many arguments for 'run-workflow'. Expected 1 argument but got 2.",
      'each goes behind a flag of its own: --steps NAME:TYPE:PROMPT',
    ],
    [['create-agent', 'a'], "agent 'a' needs at least one model", '--models llama3.2,codellama'],
    [
      ['show-agent', 'x'.repeat(100)],
      `no agent '${'x'.repeat(64)}…', there are none yet`,
      'ollama-orchestrate create-agent NAME --models MODEL',
    ],
    [['help', 'lst-agents'], "unknown command 'lst-agents', did you mean 'list-agents'?", 'ollama-orchestrate --help'],
    [['builtin'], 'no command given, known: install, list, remove', 'ollama-orchestrate builtin --help'],
    [['--quiet'], `no command given, known: ${commandNames.join(', ')}`, 'ollama-orchestrate --help'],
    [
      ['list-agents', '--config-dir', ''],
      "option '--config-dir <DIR>' argument '' is invalid. It must not be empty.",
      'ollama-orchestrate --help',
    ],
    [
      ['run-tasks', 'a', '--host', ' '],
      "option '--host <URL>' argument ' ' is invalid. It must not be empty.",
      'ollama-orchestrate --help',
    ],
    [
      ['run-tasks', 'a', '--model', ''],
      "option '--model <MODEL>' argument '' is invalid. It must be the name of a model.",
      'ollama-orchestrate run-tasks --help',
    ],
    [
      ['run-tasks', 'a', '--tasks-file', 'a', '--tasks-file', 'b'],
      "option '--tasks-file <FILE|->' argument 'b' is invalid. It may be given once.",
      'ollama-orchestrate run-tasks --help',
    ],
    [
      ['run-workflow', 'a', '--file', 'a', '--file', 'b'],
      "option '--file <FILE|->' argument 'b' is invalid. It may be given once.",
      'ollama-orchestrate run-workflow --help',
    ],
    [
      ['create-agent', 'a', '--config', ''],
      "option '--config <FILE|->' argument '' is invalid. It must not be empty.",
      'ollama-orchestrate create-agent --help',
    ],
  ])('%j', async (argv, message, hint) => {
    expect(await run(...argv)).toEqual({ exit: 2, stdout: '', stderr: `error: ${message}\n  ${hint}\n` });
  });
});

describe('global flags', () => {
  /** What a command gets that is built as commands are. */
  async function flagsOf(...argv: string[]): Promise<GlobalFlags> {
    let got: GlobalFlags = { color: true };
    const { cli } = createCli(testHost());
    const tree = createProgram(cli);
    const probe = new Command('probe').option('--output <FORMAT>').action(
      cli.action((flags: GlobalFlags) => {
        got = flags;
        return Promise.resolve(0);
      }),
    );
    await tree.addCommand(probe).parseAsync(argv, { from: 'user' });
    return got;
  }

  it.each([
    [['probe'], { color: true }],
    [['--host', 'gpu', 'probe'], { host: 'gpu', color: true }],
    [['probe', '--host', 'gpu'], { host: 'gpu', color: true }],
    [['probe', '--quiet', '--verbose'], { quiet: true, verbose: true, color: true }],
    [['probe', '--no-color'], { color: false }],
    [['probe', '--config-dir', 'd'], { configDir: 'd', color: true }],
    [['probe', '--json'], { output: 'json', color: true }],
    [['--json', 'probe'], { output: 'json', color: true }],
    [['probe', '--output', 'text'], { output: 'text', color: true }],
  ])('reach the command from %j', async (argv, flags) => {
    expect(await flagsOf(...argv)).toEqual(flags);
  });

  it('are those of every command', () => {
    const names = program().options.map(({ long }) => long);
    expect(names).toEqual(['--version', '--host', '--quiet', '--verbose', '--no-color', '--config-dir', '--json']);
  });
});

describe('values of flags', () => {
  it.each([
    [readDurationMs, '30s', 30_000],
    [readDurationMs, '1h30m', 5_400_000],
    [readDurationMs, '1.5', 1500],
    [readCount(0, 10), '0', 0],
    [readCount(0, 10), '10', 10],
    [readModel, ' llama3.2 ', 'llama3.2'],
    [(text: string) => collect(text, ['a,b']), 'c', ['a,b', 'c']],
    [(text: string) => collectList(text, ['a']), 'b, c', ['a', 'b', 'c']],
    [(text: string) => collectPairs(text, { a: '1' }), 'b=c=d', { a: '1', b: 'c=d' }],
  ])('are read by %o: %s', (read: (text: string) => unknown, text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each([
    [readDurationMs, '0'],
    [readDurationMs, '-5s'],
    [readDurationMs, 'soon'],
    [readDurationMs, '600h'],
    [readCount(1, 10), '0'],
    [readCount(1, 10), '1.5'],
    [readCount(1, 10), '1e1'],
    [collectPairs, '=x'],
    [collectPairs, 'x'],
  ])('are refused by %o: %s', (read: (text: string) => unknown, text) => {
    expect(() => read(text)).toThrow(/^It must be /);
  });
});

describe('a failure', () => {
  const report = (error: unknown, { verbose = false, host = testHost() } = {}) => {
    const exit = reportFailure(error, host, { verbose });
    return { exit, stdout: host.stdout, stderr: host.stderr };
  };

  it('tells all problems and takes the exit code of the first', () => {
    const error = new ProblemError(
      { code: 'host-unreachable', message: 'nobody answers at http://gpu', hint: 'ollama serve' },
      { code: 'model-missing', message: "model 'x' is not installed", location: { file: 'f', line: 1, column: 2 } },
    );
    const stderr = "error: nobody answers at http://gpu\n  ollama serve\nerror: f:1:2: model 'x' is not installed\n";
    expect(report(error)).toEqual({ exit: 3, stdout: '', stderr });
  });

  it('of our own asks for a report, and exits 70', () => {
    const { exit, stderr } = report(new TypeError('x is undefined'));
    expect(exit).toBe(70);
    expect(stderr).toBe(
      'error: this is a fault of ollama-orchestrate: x is undefined\n' +
        '  please report it with what you typed and what --verbose prints\n',
    );
  });

  it('of our own shows with --verbose where it was', () => {
    expect(report(new TypeError('x'), { verbose: true }).stderr).toMatch(/\n {4}at .*frame\.test\.ts/);
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGPIPE', 0],
  ] as const)('after %s is no fault: exit %i without a word', (signal, exit) => {
    const host = testHost();
    host.interrupt(signal);
    expect(report(new Error('aborted'), { host })).toEqual({ exit, stdout: '', stderr: '' });
  });

  it('cannot act on the terminal', () => {
    const { stderr } = report(new ProblemError({ code: 'usage-invalid', message: 'a\u001b[2Jb' }));
    expect(stderr).toBe('error: a^[[2Jb\n');
  });

  it('shows no password', () => {
    const { stderr } = report(new ProblemError({ code: 'host-unreachable', message: 'nobody at https://u:pw@gpu' }));
    expect(stderr).toBe('error: nobody at https://u:***@gpu\n');
  });
});

it.each([
  [0.5, 'Less than a second ago'],
  [1.9, '1 second ago'],
  [59, '59 seconds ago'],
  [60, 'About a minute ago'],
  [125, '2 minutes ago'],
  [3600, 'About an hour ago'],
  [1.6 * 3600, '2 hours ago'],
  [47 * 3600, '47 hours ago'],
  [48 * 3600, '2 days ago'],
  [14 * 86400, '2 weeks ago'],
  [60 * 86400, '2 months ago'],
  [730 * 86400, '2 years ago'],
])("says of %d seconds, as Ollama's CLI does, '%s'", (seconds, text) => {
  expect(relativeTime(0, seconds * 1000)).toBe(text);
});
