import type { FakeCall } from './fake-ollama-call.ts';

/** A path, or a question about the call. */
export type Match = string | ((call: FakeCall) => boolean);

export type Respond = (call: FakeCall) => void | Promise<void>;

interface Script {
  match: Match;
  respond: Respond;
  timesLeft: number;
  isUsed: boolean;
}

interface Waiter {
  match: Match;
  take: (call: FakeCall) => void;
}

export const promptPaths = ['/api/generate', '/api/chat', '/api/embed', '/api/embeddings', '/api/pull'];

/** Who answers a call: a reply written up front, the test that waits for it, or the server by itself. */
export class CallDesk {
  readonly #scripts: Script[] = [];
  readonly #waiters: Waiter[] = [];
  readonly #held = new Set<string>();
  #waiting: FakeCall[] = [];

  script(match: Match, respond: Respond, times: number): void {
    this.#scripts.push({ match, respond, timesLeft: times, isUsed: false });
  }

  hold(paths: readonly string[]): void {
    for (const path of paths) this.#held.add(path);
  }

  /** The server goes on by itself, with the calls that were held too. */
  release(): void {
    this.#held.clear();
    for (const call of this.#waiting.splice(0)) void call.answer();
  }

  /** From the first such question on, calls of these paths wait to be asked for: none can slip by. */
  next(match: Match): Promise<FakeCall> {
    this.hold(typeof match === 'string' ? [match] : promptPaths);
    const call = this.#waiting.find((waiting) => matches(match, waiting));
    if (!call) return new Promise((take) => this.#waiters.push({ match, take }));
    this.#waiting = this.#waiting.filter((waiting) => waiting !== call);
    return Promise.resolve(call);
  }

  async take(call: FakeCall): Promise<void> {
    const script = this.#scripts.find(({ match, timesLeft }) => timesLeft > 0 && matches(match, call));
    if (script) {
      script.timesLeft -= 1;
      script.isUsed = true;
      return script.respond(call);
    }
    const at = this.#waiters.findIndex(({ match }) => matches(match, call));
    const [waiter] = at === -1 ? [] : this.#waiters.splice(at, 1);
    if (waiter) waiter.take(call);
    else if (this.#held.has(call.path)) this.#waiting.push(call);
    else await call.answer();
  }

  /** Scripts that nobody asked for: the test believes in something that did not happen. */
  get unused(): string[] {
    return this.#scripts.filter(({ isUsed }) => !isUsed).map(({ match }) => String(match));
  }
}

function matches(match: Match, call: FakeCall): boolean {
  return typeof match === 'string' ? call.path === match : match(call);
}
