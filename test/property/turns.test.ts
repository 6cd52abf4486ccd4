import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Turns, type LoadedPlace, type Seat } from '../../src/engine/turns.ts';

const models = ['a', 'b', 'c', 'd'];
const place = (key: string): LoadedPlace => ({ host: 'h', key });

interface Waiting {
  model: string;
  /** Turns of other models that began since it came. */
  passed: number;
  last: string | undefined;
}

/** Several runs on a server with room for one model, each with one model at work at a time. */
class Server {
  readonly turns = new Turns();
  readonly runs: Run[] = [];
  readonly done: Waiting[] = [];
  atWork: { run: Run; task: Waiting }[] = [];
  loaded: string | undefined;

  get waiting(): Waiting[] {
    return this.runs.flatMap((run) => run.waiting);
  }

  start(run: Run, task: Waiting): void {
    for (const { task: other } of this.atWork) expect(other.model).toBe(task.model);
    this.atWork.push({ run, task });
    this.loaded = task.model;
    for (const each of this.waiting) {
      if (each.model === task.model || each.last === task.model) continue;
      each.passed += 1;
    }
    for (const each of this.waiting) each.last = task.model;
  }

  /** One request ends. */
  finish(pick: number): void {
    const [ended] = this.atWork.splice(pick % this.atWork.length, 1);
    if (!ended) return;
    this.done.push(ended.task);
    ended.run.ended(ended.task);
  }
}

class Run {
  waiting: Waiting[] = [];
  readonly #server: Server;
  readonly #seat: Seat;
  readonly #most: number;
  readonly #limit: number;

  constructor(server: Server, most: number, limit: number) {
    this.#server = server;
    this.#most = most;
    this.#limit = limit;
    this.#seat = server.turns.join(() => this.pump());
  }

  add(model: string, count: number): void {
    const last = this.#server.atWork[0]?.task.model;
    for (let added = 0; added < count; added += 1) this.waiting.push({ model, passed: 0, last });
    this.pump();
  }

  pump(): void {
    for (let task = this.#next(); task; task = this.#next()) {
      this.waiting.splice(this.waiting.indexOf(task), 1);
      this.#seat.start(place(task.model), 1);
      this.#server.start(this, task);
    }
    for (const model of models)
      this.#seat.want(place(model), this.waiting.filter((task) => task.model === model).length, 1);
  }

  ended({ model }: Waiting): void {
    this.#seat.end(place(model));
    this.pump();
  }

  #next(): Waiting | undefined {
    const own = this.#server.atWork.filter(({ run }) => run === this).map(({ task }) => task.model);
    if (own.length >= this.#most) return undefined;
    const open = this.waiting.filter(
      ({ model }) =>
        own.every((other) => other === model) &&
        this.#seat.mayStart(place(model)) &&
        own.length < this.#seat.share(place(model), this.#limit),
    );
    // A run drains what is in memory.
    return open.find(({ model }) => model === this.#server.loaded) ?? open[0];
  }
}

const events = fc.array(
  fc.oneof(
    fc.record({ run: fc.nat(3), model: fc.constantFrom(...models), count: fc.integer({ min: 1, max: 5 }) }),
    fc.record({ finish: fc.nat(9) }),
  ),
  { maxLength: 60 },
);

type Script = typeof events extends fc.Arbitrary<infer Each> ? Each : never;

function play(script: Script, most: number, limit = Infinity): Server {
  const server = new Server();
  for (let index = 0; index < 4; index += 1) server.runs.push(new Run(server, most, limit));
  for (const event of script) {
    if ('finish' in event) server.finish(event.finish);
    else server.runs[event.run]?.add(event.model, event.count);
    expect(server.waiting.length === 0 || server.atWork.length > 0).toBe(true);
    expect(server.atWork.length).toBeLessThanOrEqual(limit + server.runs.length - 1);
  }
  for (let steps = 0; server.atWork.length > 0; steps += 1) server.finish(steps);
  return server;
}

test('runs that share a server get everything done, one model at a time, and the server is never idle meanwhile', () => {
  fc.assert(
    fc.property(events, fc.integer({ min: 1, max: 3 }), (script, most) => {
      const server = play(script, most);
      const asked = script.reduce((sum, event) => sum + ('count' in event ? event.count : 0), 0);
      expect([server.waiting.length, server.done.length]).toEqual([0, asked]);
    }),
    { numRuns: 500 },
  );
});

test('no task waits for more turns of other models than there are other models', () => {
  fc.assert(
    fc.property(events, fc.integer({ min: 1, max: 3 }), (script, most) => {
      for (const { passed } of play(script, most).done) expect(passed).toBeLessThan(models.length);
    }),
    { numRuns: 500 },
  );
});

test('with a limit for all of them everything gets done, too', () => {
  fc.assert(
    fc.property(events, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 6 }), (script, most, limit) => {
      const server = play(script, most, limit);
      const asked = script.reduce((sum, event) => sum + ('count' in event ? event.count : 0), 0);
      expect([server.waiting.length, server.done.length]).toEqual([0, asked]);
      for (const { passed } of server.done) expect(passed).toBeLessThan(models.length);
    }),
    { numRuns: 500 },
  );
});
