import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bundleProgram } from '../rig/fake-ollama-process.ts';
import { disagreements, notReproduced } from '../rig/fake-against-recording.ts';
import { expectedOutcomes } from '../rig/recordings-expected.ts';
import { disagreementsOfSimulator, notSimulated } from '../rig/simulator-against-recording.ts';
import { askingFor, loadRecordings, replay, type Recording } from '../rig/recordings.ts';

const recordings = loadRecordings();
if (!recordings) console.info('skipped: no recordings of a real server in ../shared/data/ollama-transcripts');
const all = [...(recordings?.entries() ?? [])];

describe.skipIf(!recordings)('our client, fed with what a real server said', () => {
  it('has an expectation for each recording, and a recording for each expectation', () => {
    expect(Object.keys(expectedOutcomes).sort()).toEqual(all.map(([name]) => name).sort());
  });

  it.each(all)('reads %s', async (name, recording) => {
    const asking = askingFor(recording);
    const expected = expectedOutcomes[name];
    if (!expected || 'notAsked' in expected) expect(asking).toBeUndefined();
    else expect(await replay(recording, asking!)).toEqual(expected);
  });

  it('prints nothing about any of them', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recordings-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const program = join(folder, 'recordings.mjs');
    await bundleProgram('recordings-main.ts', program);
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [program]);
    expect([stdout, stderr]).toEqual(['', '']);
  });
});

describe.skipIf(!recordings)('the fake server, asked what a real server was asked', () => {
  it('gives a reason for each exchange that it does not reproduce', () => {
    expect(Object.keys(notReproduced).filter((name) => !recordings?.has(name))).toEqual([]);
  });

  const reproduced: [string, Recording][] = all.filter(([name]) => !(name in notReproduced));
  it.each(reproduced)('answers %s with the same status, type, error and fields', async (_, recording) => {
    expect(await disagreements(recording)).toEqual([]);
  });
});

describe.skipIf(!recordings)('the simulator, asked what a real server was asked', () => {
  it('gives a reason for each exchange that it does not reproduce', () => {
    expect(Object.keys(notSimulated).filter((name) => !recordings?.has(name))).toEqual([]);
  });

  const simulated: [string, Recording][] = all.filter(([name]) => !(name in notSimulated));
  it.each(simulated)('answers %s with the same status, type, error and fields', async (_, recording) => {
    expect(await disagreementsOfSimulator(recording)).toEqual([]);
  });
});
