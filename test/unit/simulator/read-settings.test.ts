import { describe, expect, it } from 'vitest';
import type { ProblemError } from '../../../src/errors/problem.ts';
import {
  loadSimulatorFile,
  readFaultText,
  readModelText,
  readSimulation,
} from '../../../src/simulator/read-settings.ts';
import { testHost } from '../../rig/test-host.ts';

function problemsOf(value: Record<string, unknown>): string[] {
  try {
    readSimulation(value, 'sim.yaml');
    return [];
  } catch (error) {
    return (error as ProblemError).problems.map(({ message }) => message);
  }
}

describe('a simulator file', () => {
  it('is read in the units of people', async () => {
    const host = testHost({
      files: {
        'sim.yaml': `
memory: 6.5 GB
keep_alive: -1s
time_scale: 0.001
models:
  - name: slow:7b
    size: 4.7GB
    load: 5s
    context: 8192
    capabilities: [completion, tools]
faults:
  - { kind: 503, model: slow:7b, at: 2 }
`,
      },
    });
    expect(readSimulation(await loadSimulatorFile('sim.yaml', host))).toEqual({
      models: [
        { name: 'slow:7b', sizeBytes: 4.7e9, loadMs: 5000, contextLength: 8192, capabilities: ['completion', 'tools'] },
      ],
      settings: { memoryBytes: 6.5e9, keepAliveMs: Infinity },
      timeScale: 0.001,
      faults: [{ kind: '503', model: 'slow:7b', at: 2 }],
    });
  });

  it('may be JSON', async () => {
    const host = testHost({ files: { 'sim.json': '{"models":[{"name":"a"}],"max_loaded":1}' } });
    const options = readSimulation(await loadSimulatorFile('sim.json', host));
    expect(options).toMatchObject({ models: [{ name: 'a' }], settings: { maxLoaded: 1 } });
  });

  it.each([
    ['models: [', /^sim\.yaml is no YAML: /],
    ['- a', /^sim\.yaml must be an object/],
  ])('that is none is a problem: %j', async (text, message) => {
    const host = testHost({ files: { 'sim.yaml': text } });
    await expect(loadSimulatorFile('sim.yaml', host)).rejects.toThrow(message);
  });

  it('tells all that is wrong with it, and where', () => {
    expect(
      problemsOf({
        memory: 'much',
        max_loadde: 1,
        models: [{ size: '4GB' }, { name: 'a', load: -1, capabilities: ['flying'] }],
        faults: [{ kind: 'explode' }],
      }),
    ).toEqual([
      'sim.yaml: models[0].name: is missing, must be the name of a model',
      expect.stringContaining("sim.yaml: models[1].load: must be a duration such as '5s'"),
      expect.stringContaining('sim.yaml: models[1].capabilities[0]: '),
      expect.stringContaining("sim.yaml: memory: must be a size such as '4.7GB'"),
      expect.stringContaining('sim.yaml: faults[0].kind: must be one of hang-load, '),
      "sim.yaml: max_loadde: unknown key, did you mean 'max_loaded'?",
    ]);
  });
});

describe('flags', () => {
  it('say of a model what a file says', () => {
    expect(readModelText('a:1b, size=4GB,load=800ms,tokens_per_second=20.5,capabilities=completion+vision')).toEqual({
      name: 'a:1b',
      ...{ size: '4GB', load: '800ms', tokens_per_second: 20.5, capabilities: ['completion', 'vision'] },
    });
  });

  it('say of a fault what a file says, its kind alone if need be', () => {
    expect(readFaultText('503,model=a,probability=0.5')).toEqual({ kind: '503', model: 'a', probability: 0.5 });
    expect(readFaultText('model=a,kind=hang-load')).toEqual({ model: 'a', kind: 'hang-load' });
  });
});
