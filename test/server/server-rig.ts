import { createOrchestrator, type Orchestrator } from '../../src/app/create-orchestrator.ts';
import { onTestFinished } from 'vitest';
import type { Agent } from '../../src/agents/schema.ts';
import type { Problem } from '../../src/errors/problem.ts';
import type { RunEvent } from '../../src/events/event.ts';
import type { RunDocument } from '../../src/events/run-document.ts';
import type { RunSummary } from '../../src/journal/stored-run.ts';
import { createApp, type App } from '../../src/server/create-app.ts';
import { listen, type SocketLimits } from '../../src/server/listen.ts';
import { defaultLimits, type ServerLimits, type ServerSettings } from '../../src/server/server-settings.ts';
import type { FakeOllama } from '../rig/fake-ollama.ts';
import { testHost, type TestHost, type TestHostOptions } from '../rig/test-host.ts';

export interface ServerOptions extends Omit<TestHostOptions, 'env'> {
  env?: Record<string, string | undefined>;
  fake?: Pick<FakeOllama, 'url'> | readonly Pick<FakeOllama, 'url'>[];
  settings?: Partial<Omit<ServerSettings, 'limits'>>;
  limits?: Partial<ServerLimits>;
}

/** A server in this process, with no socket. */
export interface ServerRig {
  app: App;
  host: TestHost;
  orchestrator: Orchestrator;
  /** Sends a request; an object is sent as JSON. */
  send: (method: string, path: string, body?: unknown, init?: RequestInit) => Promise<Response>;
  /** The same for what is answered with JSON. */
  ask: (method: string, path: string, body?: unknown, init?: RequestInit) => Promise<Answer>;
}

export interface Answer {
  status: number;
  headers: Headers;
  body: AnswerBody;
}

/** Whatever an answer may hold; a test looks at what it expects. */
export type AnswerBody = Agent &
  Required<Omit<RunDocument, 'problem'>> & {
    problem: Problem;
    problems: Problem[];
    agents: Agent[];
    runs: RunSummary[];
  };

export const api = '/api/orchestration';

/** Starts one, with agents and runs of its own. */
export function serverRig({ fake, settings, limits, env, ...options }: ServerOptions = {}): ServerRig {
  const urls = [fake ?? []].flat().map(({ url }) => url);
  const host = testHost({ ...options, env: { ...(urls.length > 0 && { OLLAMA_HOSTS: urls.join(',') }), ...env } });
  const orchestrator = createOrchestrator({ host });
  const upstream = urls.map((url) => ({ url, headers: {} }));
  const app = createApp({
    host,
    orchestrator,
    settings: {
      ...{ address: '127.0.0.1', upstream, allowedHosts: [], ...settings },
      limits: { ...defaultLimits, ...limits },
    },
  });
  const send: ServerRig['send'] = (method, path, body, { headers, ...init } = {}) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    const request = new Request(`http://127.0.0.1:11435${path}`, {
      method,
      body: text ?? null,
      headers: headers ?? {},
      ...init,
    });
    return app.fetch(request);
  };
  const ask: ServerRig['ask'] = async (...args) => {
    const { status, headers, ...response } = await withText(send(...args));
    return { status, headers, body: JSON.parse(response.text || 'null') as AnswerBody };
  };
  return { app, host, orchestrator, send, ask };
}

async function withText(sent: Promise<Response>): Promise<{ status: number; headers: Headers; text: string }> {
  const response = await sent;
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** The events of an NDJSON answer. */
export async function eventsOf(response: Response): Promise<RunEvent[]> {
  const text = await response.text();
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as RunEvent]));
}

/** The rig with an agent `tester` that has one model. */
export async function withTester(rig: ServerRig): Promise<ServerRig> {
  await rig.orchestrator.agents.create({ name: 'tester', models: ['llama3.2'] });
  return rig;
}

/** The address of a rig that listens on a socket while the test lasts. */
export async function listening(
  { app, host }: Pick<ServerRig, 'app' | 'host'>,
  limits?: Partial<SocketLimits>,
): Promise<string> {
  const { url, close } = await listen(app, { address: '127.0.0.1', port: 0, clock: host.clock, limits });
  onTestFinished(async () => {
    await close();
    await app.close();
  });
  return url;
}

export interface Lines {
  /** The next line that matches; undefined when the answer ends without. */
  untilLine: (pattern: RegExp) => Promise<string | undefined>;
  /** As a client that goes away. */
  stop: () => Promise<void>;
}

/** An answer that is read line by line, as it comes. */
export function readLines(response: Response): Lines {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let held = '';
  const next = async (): Promise<string | undefined> => {
    for (;;) {
      const end = held.indexOf('\n');
      if (end >= 0) {
        const line = held.slice(0, end);
        held = held.slice(end + 1);
        return line;
      }
      const read = await reader?.read();
      if (read?.value === undefined) return undefined;
      held += read.value;
    }
  };
  return {
    untilLine: async (pattern) => {
      for (;;) {
        const line = await next();
        if (line === undefined || pattern.test(line)) return line;
      }
    },
    stop: async () => reader?.cancel(),
  };
}
