import type { Problem } from '../../../src/errors/problem.ts';
import type { RunEvent } from '../../../src/events/event.ts';
import { host, RunScript } from './run-script.ts';

export const busy: Problem = { code: 'server-busy', message: 'the server is busy' };
export const missing: Problem = {
  code: 'model-missing',
  message: `model 'llama3.2' is not installed on ${host}`,
  hint: 'ollama pull llama3.2',
};
export const gone: Problem = { code: 'host-gone', message: `${host} went away`, hint: 'ollama serve' };
export const hostile = 'see\x1b]0;owned\x07 \x1b[2J\x9b31m \u202etxt.exe\r\nend';

/** Runs that every view must tell well, by name. Each is a whole run from its first event to its last. */
export const scenarios: Record<string, RunEvent[]> = {
  'all green': new RunScript(['task1', 'task2'])
    .waiting('task2', 'slot')
    .started('task1')
    .delta('task1', 'Hel')
    .delta('task1', 'lo')
    .wait(1500)
    // The second one ends first: the order of the answers is that of the tasks.
    .started('task2')
    .completed('task2', 'World')
    .completed('task1', 'Hello')
    .end('completed'),
  'retry, then ok': new RunScript(['task1', 'task2'])
    .started('task1')
    .retrying('task1', busy)
    .wait(500)
    .started('task1', { attempt: 2, model: 'codellama' })
    .completed('task1', 'second try', { attempts: 2, model_used: 'codellama' })
    .started('task2')
    .completed('task2', 'cut', {
      done_reason: 'length',
      warnings: [{ code: 'output-length', message: 'the answer was cut at 30 tokens' }],
    })
    .end('completed'),
  'failure with skips': new RunScript(
    [{ task: 'plan' }, { task: 'code', needs: ['plan'] }, { task: 'style', needs: ['code'] }],
    { run_type: 'workflow' },
  )
    .started('plan')
    .completed('plan', 'a plan')
    .started('code')
    .wait(800)
    .failed('code', { code: 'timeout', message: "step 'code' took longer than 30s", hint: '--timeout 60s' })
    .skipped('style', { code: 'needs-failed', message: "step 'style' needs 'code', which failed" })
    .end('failed', { error: '1 of 3 steps failed' }),
  workflow: new RunScript(['plan', { task: 'code', needs: ['plan'] }], { run_type: 'workflow' })
    .started('plan')
    .completed('plan', 'a plan')
    .started('code')
    .completed('code', 'the code')
    .end('completed'),
  'items and a condition': new RunScript(
    ['plan', { task: 'each', needs: ['plan'] }, { task: 'never', needs: ['each'] }],
    {
      ...{ run_type: 'workflow', output_step: 'each' },
    },
  )
    .started('plan')
    .completed('plan', 'a plan')
    .expanded('each', 2)
    .started('each[0]')
    .completed('each[0]', 'one')
    .started('each[1]')
    .wait(500)
    .completed('each[1]', 'two')
    .completed('each', 'one\n\ntwo', { model_used: undefined, metrics: undefined })
    .skipped('never', { code: 'condition-false', message: "not run, because 'vars.x' does not hold" })
    .end('completed'),
  cancelled: new RunScript(['task1', 'task2'])
    .started('task1')
    .delta('task1', 'half an ans')
    .finished('task1', {
      status: 'cancelled',
      partial_output: 'half an ans',
      problem: { code: 'interrupted', message: 'stopped by SIGINT' },
    })
    .finished('task2', { status: 'cancelled', problem: { code: 'interrupted', message: 'stopped by SIGINT' } })
    .end('interrupted', { problem: { code: 'interrupted', message: 'stopped by SIGINT' } }),
  'server lost': new RunScript(['task1', 'task2', 'task3'])
    .started('task1')
    .hostChanged('down', gone)
    .failed('task1', gone)
    .failed('task2', gone)
    .failed('task3', gone)
    .end('failed', { error: '3 of 3 tasks failed' }),
  '200 tasks': manyTasks(200),
  unicode: new RunScript(['日本語', 'naïve'])
    .started('日本語')
    .completed('日本語', '東京 👩‍👩‍👧 é')
    .started('naïve')
    .completed('naïve', 'ça va')
    .end('completed'),
  'hostile output': new RunScript(['task1', 'task2'])
    .started('task1')
    .completed('task1', hostile)
    .failed('task2', { code: 'server-error', message: `\x1b[31mred\nsecond line \u202e` })
    .end('failed'),
  'empty output': new RunScript(['task1', 'task2'])
    .started('task1')
    .completed('task1', '', { warnings: [{ code: 'output-empty', message: 'the answer is empty' }] })
    .completed('task2', 'text')
    .end('completed'),
  embed: new RunScript([{ task: 'task1', type: 'embed' }])
    .started('task1')
    .completed('task1', '[0.5,-1]', { task_type: 'embed', embedding: [0.5, -1] })
    .end('completed'),
  'one task': new RunScript(['task1'])
    .started('task1')
    .delta('task1', 'Hel')
    .delta('task1', 'lo')
    .wait(1500)
    .completed('task1', 'Hello')
    .end('completed'),
  'model missing': new RunScript(['task1', 'task2'])
    .failed('task1', missing)
    .completed('task2', 'fine')
    .end('failed', { error: '1 of 2 tasks failed' }),
};

function manyTasks(count: number): RunEvent[] {
  const names = Array.from({ length: count }, (_, index) => `task${index + 1}`);
  const script = new RunScript(names);
  for (const name of names) {
    script.started(name).wait(10);
    if (name.endsWith('00')) script.failed(name, { code: 'stalled', message: `task '${name}' fell silent` });
    else script.completed(name, `output of ${name}`);
  }
  return script.end('failed', { error: '2 of 200 tasks failed' });
}
