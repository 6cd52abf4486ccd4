import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { download } from '../../../src/builtin/download.ts';
import { ProblemError } from '../../../src/errors/problem.ts';
import { testHost } from '../../rig/test-host.ts';
import { content, model, serveFile, startHub, temporaryDirectory } from './install-setup.ts';

async function fetchModel(
  url: string,
  { part, env = {}, onBytes }: { part?: Buffer; env?: Record<string, string>; onBytes?: () => void } = {},
): Promise<{ file: string; received: number[] }> {
  const file = join(temporaryDirectory(), 'models', 'tiny.gguf');
  const received: number[] = [];
  if (part) {
    mkdirSync(dirname(file));
    writeFileSync(`${file}.part`, part);
  }
  const { size_bytes, sha256 } = model;
  const host = testHost({ env });
  const onProgress = (bytes: number): void => {
    received.push(bytes);
    onBytes?.();
  };
  await download({ url, file, size_bytes, sha256, host, signal: host.signal, onProgress }).catch((error: unknown) => {
    throw Object.assign(error as Error, { file });
  });
  return { file, received };
}

const problemOf = async (failing: Promise<unknown>) => {
  const error: unknown = await failing.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ProblemError);
  return { ...(error as ProblemError).problem, file: (error as { file?: string }).file ?? '' };
};

it('fetches a file and reports how far it is', async () => {
  const { url } = await startHub(serveFile);
  const { file, received } = await fetchModel(url);
  expect(readFileSync(file).equals(content)).toBe(true);
  expect(received.at(-1)).toBe(content.length);
  expect(existsSync(`${file}.part`)).toBe(false);
});

it('goes on where an earlier attempt broke off', async () => {
  const { url, requests } = await startHub(serveFile);
  const { file } = await fetchModel(url, { part: content.subarray(0, 1000) });
  expect(requests.map(({ headers }) => headers.range)).toEqual(['bytes=1000-']);
  expect(readFileSync(file).equals(content)).toBe(true);
});

it('goes on by itself when the connection is cut', async () => {
  let cut = (): void => undefined;
  const { url, requests } = await startHub((request, response, count) => {
    if (count > 1) return serveFile(request, response, count);
    cut = () => response.destroy();
    response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 5000));
  });
  const { file } = await fetchModel(url, { onBytes: () => cut() });
  expect(requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=5000-']);
  expect(readFileSync(file).equals(content)).toBe(true);
});

it('gives up when answers break off again and again', async () => {
  const { url, requests } = await startHub((_request, response) => {
    response.writeHead(200, { 'content-length': content.length }).flushHeaders();
    response.destroy();
  });
  expect((await problemOf(fetchModel(url))).code).toBe('download-failed');
  expect(requests.length).toBeLessThanOrEqual(3);
});

it('starts anew at a server that knows no ranges', async () => {
  const { url } = await startHub((_request, response) => response.end(content));
  const { file } = await fetchModel(url, { part: Buffer.from('other bytes') });
  expect(readFileSync(file).equals(content)).toBe(true);
});

it('asks nothing of the network when the part is whole', async () => {
  const { file } = await fetchModel('http://127.0.0.1:1', { part: content });
  expect(readFileSync(file).equals(content)).toBe(true);
});

it('follows a redirect, as the hub sends one to its storage', async () => {
  const { url } = await startHub((request, response, count) => {
    if (request.url === '/file') serveFile(request, response, count);
    else response.writeHead(302, { location: '/file' }).end();
  });
  const { file } = await fetchModel(`${url}/resolve`);
  expect(readFileSync(file).equals(content)).toBe(true);
});

it('refuses a file with another checksum, and keeps nothing of it', async () => {
  const { url } = await startHub((_request, response) => response.end(Buffer.alloc(content.length, 'x')));
  const problem = await problemOf(fetchModel(url));
  expect(problem.code).toBe('download-failed');
  expect(problem.cause).toMatch(/^the file has the checksum [0-9a-f]{64}, not /);
  expect([existsSync(problem.file), existsSync(`${problem.file}.part`)]).toEqual([false, false]);
});

it('refuses a file that does not end', async () => {
  const { url } = await startHub((_request, response) => response.end(Buffer.alloc(2 * content.length)));
  const { cause } = await problemOf(fetchModel(url));
  expect(cause).toBe(`the file is larger than ${content.length} bytes`);
});

it.each([404, 500])('says what a server answered: %i', async (status) => {
  const { url, requests } = await startHub((_request, response) => response.writeHead(status).end('no'));
  expect(await problemOf(fetchModel(url))).toMatchObject({
    code: 'download-failed',
    message: `${url} could not be downloaded`,
    cause: `the server answered ${status}`,
  });
  expect(requests).toHaveLength(1);
});

it('gives up after one attempt at an address where nothing listens, also with a part at hand', async () => {
  const { cause } = await problemOf(fetchModel('http://127.0.0.1:1', { part: content.subarray(0, 10) }));
  expect(cause).toContain('ECONNREFUSED');
});

it('keeps the part when it is stopped', async () => {
  const stop = new AbortController();
  const { url } = await startHub((_request, response) => {
    response.writeHead(200).write(content.subarray(0, 5000));
  });
  const file = join(temporaryDirectory(), 'tiny.gguf');
  const { size_bytes, sha256 } = model;
  const stopped = download({
    ...{ url, file, size_bytes, sha256, host: testHost(), signal: stop.signal },
    onProgress: (bytes) => {
      if (bytes === 5000) stop.abort(new Error('stopped'));
    },
  });
  await expect(stopped).rejects.toThrow('stopped');
  expect(existsSync(`${file}.part`)).toBe(true);
});

it('goes through the proxy that the environment names', async () => {
  const asked: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
  });
  await new Promise<void>((listening) => proxy.listen(0, '127.0.0.1', listening));
  onTestFinished(() => void proxy.close());
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const { code } = await problemOf(fetchModel('https://hub.invalid/file', { env: { HTTPS_PROXY: address } }));
  expect([code, asked]).toEqual(['download-failed', ['hub.invalid:443']]);
});
