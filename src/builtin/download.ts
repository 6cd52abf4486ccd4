import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { EnvHttpProxyAgent, interceptors, request, type Dispatcher } from 'undici';
import { ProblemError } from '../errors/problem.ts';
import type { Environment } from '../host/host.ts';
import { sha256OfFile } from './checksum.ts';

export interface Download {
  url: string;
  /** Where the finished file goes; what has arrived is kept in `<file>.part` meanwhile. */
  file: string;
  size_bytes: number;
  sha256: string;
  env: Environment;
  signal: AbortSignal;
  onProgress: (receivedBytes: number) => void;
}

/** Attempts that bring nothing at all before giving up. */
const fruitlessAttempts = 2;

/** Fetches a file over HTTP, going on where an earlier attempt broke off, and verifies it. */
export async function download(wanted: Download): Promise<void> {
  const part = `${wanted.file}.part`;
  await mkdir(dirname(wanted.file), { recursive: true });
  const dispatcher = createDispatcher(wanted.env);
  try {
    await fetchAll(wanted, part, dispatcher);
  } finally {
    await dispatcher.close();
  }
  const actual = await sha256OfFile(part, wanted.signal);
  if (actual !== wanted.sha256) {
    await rm(part);
    throw failed(wanted, `the file has the checksum ${actual}, not ${wanted.sha256}`);
  }
  await rename(part, wanted.file);
}

async function fetchAll(wanted: Download, part: string, dispatcher: Dispatcher): Promise<void> {
  let fruitless = 0;
  let hasProgressed = false;
  for (let have = await sizeOf(part); have < wanted.size_bytes;) {
    const problem = await fetchRest(wanted, part, have, dispatcher).catch((error: unknown) => {
      wanted.signal.throwIfAborted();
      if (error instanceof ProblemError) throw error;
      return describeCause(error);
    });
    const now = await sizeOf(part);
    hasProgressed ||= now > have;
    fruitless = now > have ? 0 : fruitless + 1;
    // An address that cannot be reached will not be reached a moment later either.
    if (problem !== undefined && (!hasProgressed || fruitless >= fruitlessAttempts)) throw failed(wanted, problem);
    if (problem === undefined && fruitless >= fruitlessAttempts) throw failed(wanted, 'nothing more arrives');
    have = now;
  }
}

async function fetchRest(wanted: Download, part: string, have: number, dispatcher: Dispatcher): Promise<undefined> {
  const { statusCode, body } = await request(wanted.url, {
    dispatcher,
    signal: wanted.signal,
    headers: have > 0 ? { range: `bytes=${have}-` } : {},
  });
  if (statusCode === 416) {
    await body.dump();
    await rm(part, { force: true });
    return;
  }
  if (statusCode !== 200 && statusCode !== 206) {
    await body.dump();
    throw failed(wanted, `the server answered ${statusCode}`);
  }
  const isContinued = statusCode === 206;
  let received = isContinued ? have : 0;
  body.on('data', (chunk: Buffer) => {
    received += chunk.length;
    wanted.onProgress(received);
    if (received > wanted.size_bytes) body.destroy(new Error('the file is larger than it should be'));
  });
  await pipeline(body, createWriteStream(part, { flags: isContinued ? 'a' : 'w' }), { signal: wanted.signal });
}

/** Obeys the proxy variables, follows redirects, and gives up soon on an address that does not answer. */
function createDispatcher(env: Environment): Dispatcher {
  const read = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name.toUpperCase()];
  return new EnvHttpProxyAgent({
    httpProxy: read('http_proxy'),
    httpsProxy: read('https_proxy'),
    noProxy: read('no_proxy'),
    connect: { timeout: 5000 },
    headersTimeout: 20_000,
    bodyTimeout: 30_000,
  }).compose(interceptors.redirect({ maxRedirections: 5 }));
}

async function sizeOf(file: string): Promise<number> {
  return stat(file).then(
    ({ size }) => size,
    () => 0,
  );
}

function failed({ url }: Download, cause: string): ProblemError {
  return new ProblemError({ code: 'download-failed', message: `${url} could not be downloaded`, cause });
}

function describeCause(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describeCause).join('; ');
  return error instanceof Error ? error.message : String(error);
}
