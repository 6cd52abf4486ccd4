import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { EnvHttpProxyAgent, interceptors, request, type Dispatcher } from 'undici';
import { ProblemError } from '../errors/problem.ts';
import type { Host } from '../host/host.ts';
import { sha256OfFile } from './checksum.ts';

export interface Download {
  url: string;
  /** Where the finished file goes; what has arrived is kept in `<file>.part` meanwhile. */
  file: string;
  size_bytes: number;
  sha256: string;
  host: Pick<Host, 'env' | 'clock'>;
  signal: AbortSignal;
  onProgress: (receivedBytes: number) => void;
}

/** Answers in a row that break off without having brought anything: then it is time to give up. */
const mostFruitless = 3;

/** Fetches a file over HTTP, going on where an earlier attempt broke off, and verifies it. */
export async function download(wanted: Download): Promise<void> {
  const part = `${wanted.file}.part`;
  await mkdir(dirname(wanted.file), { recursive: true });
  const dispatcher = createDispatcher(wanted.host);
  try {
    await fetchAll(wanted, part, dispatcher);
  } finally {
    await dispatcher.destroy();
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
  for (let have = await sizeOf(part); have < wanted.size_bytes;) {
    const broken = await fetchRest(wanted, part, have, dispatcher);
    const now = await sizeOf(part);
    fruitless = now > have ? 0 : fruitless + 1;
    if (fruitless === mostFruitless) throw failed(wanted, broken ?? 'nothing more arrives');
    have = now;
  }
}

/** Resolves to why the answer broke off, if it did; there is no use in asking a server again that does not answer. */
async function fetchRest(
  wanted: Download,
  part: string,
  have: number,
  dispatcher: Dispatcher,
): Promise<string | undefined> {
  const { statusCode, body } = await ask(wanted, have, dispatcher);
  if (statusCode !== 200 && statusCode !== 206) {
    await body.dump();
    if (statusCode !== 416) throw failed(wanted, `the server answered ${statusCode}`);
    await rm(part, { force: true });
    return 'the server has no such part of the file';
  }
  try {
    await save(body, wanted, part, statusCode === 206 ? have : 0);
    return undefined;
  } catch (error) {
    wanted.signal.throwIfAborted();
    if (error instanceof ProblemError || isFileError(error)) throw error;
    return describeCause(error);
  }
}

async function save(body: AsyncIterable<unknown>, wanted: Download, part: string, have: number): Promise<void> {
  const out = await open(part, have > 0 ? 'a' : 'w');
  let received = have;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      await out.writeFile(chunk);
      received += chunk.length;
      if (received > wanted.size_bytes) throw failed(wanted, `the file is larger than ${wanted.size_bytes} bytes`);
      wanted.onProgress(received);
    }
  } finally {
    await out.close();
  }
}

/** A proxy may accept a connection and never say anything: the answer must begin in time, whatever is in between. */
async function ask(wanted: Download, have: number, dispatcher: Dispatcher): Promise<Dispatcher.ResponseData> {
  const late = new AbortController();
  const cancel = wanted.host.clock.after(answerTimeoutMs, () => late.abort(new Error('no answer in time')));
  try {
    return await request(wanted.url, {
      dispatcher,
      signal: AbortSignal.any([wanted.signal, late.signal]),
      headers: have > 0 ? { range: `bytes=${have}-` } : {},
    });
  } catch (error) {
    wanted.signal.throwIfAborted();
    throw failed(wanted, describeCause(error));
  } finally {
    cancel();
  }
}

const connectTimeoutMs = 4_000;
const answerTimeoutMs = 15_000;
const silenceTimeoutMs = 30_000;

/** Obeys the proxy variables, follows redirects, and gives up soon on an address that does not answer. */
function createDispatcher({ env }: Pick<Host, 'env'>): Dispatcher {
  const read = (name: string): string | undefined => env[name.toLowerCase()] ?? env[name.toUpperCase()];
  return new EnvHttpProxyAgent({
    httpProxy: read('http_proxy'),
    httpsProxy: read('https_proxy'),
    noProxy: read('no_proxy'),
    connect: { timeout: connectTimeoutMs },
    bodyTimeout: silenceTimeoutMs,
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

/** A full disk is no fault of the network. */
function isFileError(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).syscall === 'write';
}

function describeCause(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describeCause).join('; ');
  return error instanceof Error ? error.message : String(error);
}
