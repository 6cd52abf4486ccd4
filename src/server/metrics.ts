// In: what happens in a server. Out: numbers about it, as Prometheus reads them. No label holds what a client or a model said.
import { Counter, Gauge, Registry } from 'prom-client';
import type { RunEvent } from '../events/event.ts';

/** What is going on at the moment, looked up when it is asked for. */
export interface Goings {
  runs: { running: number; waiting: number };
  passed: { running: number; waiting: number };
}

/** Paths of Ollama that are counted on their own; there is no end to the others. */
const passedPaths = new Set([
  ...['/', '/api/generate', '/api/chat', '/api/embed', '/api/embeddings', '/api/tags', '/api/ps', '/api/show'],
  ...['/api/version', '/api/pull', '/api/push', '/api/create', '/api/copy', '/api/delete', '/v1/models'],
  ...['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/responses', '/v1/messages'],
]);

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

/** The label of a path that is passed on. */
export function passedRoute(path: string): string {
  if (passedPaths.has(path)) return path;
  return path.startsWith('/v1/') ? '/v1/*' : '/api/*';
}

/** The numbers of one server. */
export class ServerMetrics {
  readonly #registry = new Registry();
  readonly #requests = this.#counter(
    'http_requests_total',
    'Requests that were answered, by method, route and status',
    ['method', 'route', 'status'],
  );
  readonly #runs = this.#counter('runs_total', 'Runs that ended, by status', ['status']);
  readonly #tasks = this.#counter('tasks_total', 'Tasks that ended, by status', ['status']);
  readonly #tokens = this.#counter('tokens_total', 'Tokens of the tasks that ended, by kind: prompt or output', [
    'kind',
  ]);
  readonly #loads = this.#counter('model_loads_total', 'Loads of models that runs caused', []);
  readonly #bytes = this.#counter(
    'passed_bytes_total',
    'Bytes of bodies that were passed on, by direction: to_ollama or to_client',
    ['direction'],
  );

  /** @param goings looked at whenever the numbers are read */
  constructor(goings: () => Goings) {
    this.#gauge('runs', 'Runs at the moment, by state: running or waiting', () => goings().runs);
    this.#gauge(
      'model_requests',
      'Requests for a model at the moment, of runs and passed on, by state: running or waiting',
      () => goings().passed,
    );
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  read(): Promise<string> {
    return this.#registry.metrics();
  }

  noteRequest(method: string, route: string, status: number): void {
    this.#requests.inc({ method: methods.has(method) ? method : 'other', route, status: String(status) });
  }

  noteBytes(direction: 'to_ollama' | 'to_client', bytes: number): void {
    this.#bytes.inc({ direction }, bytes);
  }

  noteEvent(event: RunEvent): void {
    if (event.type === 'run.finished') {
      this.#runs.inc({ status: event.status });
      this.#loads.inc(event.totals.model_loads);
    } else if (event.type === 'task.finished') {
      this.#tasks.inc({ status: event.status });
      this.#tokens.inc({ kind: 'prompt' }, event.metrics?.prompt_tokens ?? 0);
      this.#tokens.inc({ kind: 'output' }, event.metrics?.output_tokens ?? 0);
    }
  }

  #counter<Label extends string>(name: string, help: string, labelNames: readonly Label[]): Counter<Label> {
    return new Counter({ name: prefix + name, help, labelNames, registers: [this.#registry] });
  }

  #gauge(name: string, help: string, look: () => Goings['runs']): void {
    new Gauge({
      ...{ name: prefix + name, help, labelNames: ['state'], registers: [this.#registry] },
      collect() {
        const { running, waiting } = look();
        this.set({ state: 'running' }, running);
        this.set({ state: 'waiting' }, waiting);
      },
    });
  }
}

const prefix = 'ollama_orchestrate_';
