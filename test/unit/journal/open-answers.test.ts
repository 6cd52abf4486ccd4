import { describe, expect, test } from 'vitest';
import type { RunEvent } from '../../../src/events/event.ts';
import { openAnswers, type AskedQuestion } from '../../../src/journal/open-answers.ts';
import { RunScript } from '../render/run-script.ts';
import { JournalRig } from './journal-rig.ts';

const question: AskedQuestion = { fingerprint: 'f', host: 'http://h', model: 'llama3.2', digest: 'd' };

function runWith(id: string, output: string, more: object = {}): RunEvent[] {
  const script = new RunScript(['one']);
  script.started('one').completed('one', output, {
    ...{ fingerprint: 'f', model_digest: 'd', host: 'http://h', model_used: 'llama3.2' },
    ...more,
  });
  return script.end('completed').map((event) => ({ ...event, run_id: id }));
}

async function find(rig: JournalRig, asked: Partial<AskedQuestion> = {}, besides = 'run-9') {
  const answers = await openAnswers(rig.directory);
  const found = answers?.find({ ...question, ...asked }, besides);
  answers?.close();
  return found && { run: found.run_id, output: found.output };
}

describe('an answer is found', () => {
  test('by what was asked and the digest of the model, wherever it was asked', async () => {
    const rig = new JournalRig();
    await rig.keep(runWith('run-1', 'yes'));
    expect(await find(rig, { host: 'http://other', model: 'renamed' })).toEqual({ run: 'run-1', output: 'yes' });
  });

  test('by the model and its server where no digest is known', async () => {
    const rig = new JournalRig();
    await rig.keep(runWith('run-1', 'yes'));
    expect(await find(rig, { digest: undefined, model: 'llama3.2:latest' })).toMatchObject({ run: 'run-1' });
    expect(await find(rig, { digest: undefined, host: 'http://other' })).toBeUndefined();
  });

  test('in the newest run that has one', async () => {
    const rig = new JournalRig();
    await rig.keep(runWith('run-1', 'old'));
    await rig.keep(runWith('run-2', 'new'));
    expect(await find(rig)).toEqual({ run: 'run-2', output: 'new' });
  });
});

describe('no answer is', () => {
  test.each([
    ['one to another question', {}, { fingerprint: 'g' }],
    ['one of other weights', {}, { digest: 'e' }],
    ['one that failed', { status: 'failed' }, {}],
    ['one of which it is not known what answered', { model_digest: undefined }, {}],
  ])('%s', async (_what, kept, asked) => {
    const rig = new JournalRig();
    await rig.keep(runWith('run-1', 'yes', kept));
    expect(await find(rig, asked)).toBeUndefined();
  });

  test('that of the run that asks', async () => {
    const rig = new JournalRig();
    await rig.keep(runWith('run-1', 'yes'));
    expect(await find(rig, {}, 'run-1')).toBeUndefined();
  });

  test('that of a run that was deleted', async () => {
    const rig = new JournalRig();
    await rig.keep(runWith('run-1', 'yes'));
    await rig.store.delete(['run-1']);
    expect(await find(rig)).toBeUndefined();
    expect(await rig.query('SELECT * FROM answers')).toEqual([]);
  });

  test('there when nothing was ever kept', async () => {
    expect(await openAnswers(new JournalRig().directory)).toBeUndefined();
  });
});

test('the models of a server are those last seen there', async () => {
  const rig = new JournalRig();
  const model = { host: 'http://h', model: 'm:latest', digest: 'old' };
  const facts = { size_bytes: 5, capabilities: ['completion' as const], context_length: 100 };
  await rig.keep(runWith('run-1', 'yes'), { models: [model, { ...model, host: 'http://other' }] });
  await rig.keep(runWith('run-2', 'yes'), { models: [{ ...model, digest: 'new', facts }] });
  const answers = await openAnswers(rig.directory);
  expect(answers?.modelsOf(['http://h', 'http://none'])).toEqual([{ ...model, digest: 'new', facts }]);
  answers?.close();
});
