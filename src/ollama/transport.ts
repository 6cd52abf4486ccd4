import { setMaxListeners } from 'node:events';
import { Agent, request } from 'undici';
import { ProblemError } from '../errors/problem.ts';
import type { Clock } from '../host/host.ts';
import { Answer, type AnswerLimits, type RawAnswer } from './answer.ts';
import { askHandler, type RequestHandler } from './ask-handler.ts';
import { secretsOf } from './clean-text.ts';
import type { CallOptions, HostAddress } from './client.ts';
import { connectionProblem } from './connection-problem.ts';
import { watchSilence } from './read-body.ts';
import type { Asked } from './response-problem.ts';

export interface TransportOptions {
  clock: Clock;
  connectTimeoutMs?: number;
  /** Longest silence between two pieces of an answer, once it has begun; 0: no limit. */
  gapTimeoutMs?: number;
  /** Longest wait for the answer to a question that needs no model. */
  surveyTimeoutMs?: number;
  maxLineBytes?: number;
  /** Answers all requests in place of servers. */
  handler?: RequestHandler | undefined;
}

/** The connections of a program to its servers. */
export interface Transport {
  open(exchange: Exchange): OpenExchange;
  /** Closes all connections, so that the process can end. */
  close(): Promise<void>;
}

/** One request to come. */
export interface Exchange extends CallOptions {
  address: HostAddress;
  model?: string | undefined;
  /** No model is needed to answer: silence means that nobody is there. */
  isSurvey?: boolean;
}

export interface OpenExchange {
  /** For the `ollama` package: it takes and gives no more of `fetch` than that package uses. */
  fetch: typeof fetch;
  /** What was thrown, as the caller should see it. */
  toThrown: (error: unknown) => unknown;
  /** Frees the connection: for the next request after a whole answer, else by closing it, which stops the server's work. */
  end: () => void;
}

/** Node's own fetch gives up after 300 s without a header or a chunk; models may need longer. Here only we have deadlines. */
export function createTransport(options: TransportOptions): Transport {
  const {
    connectTimeoutMs = 5000,
    gapTimeoutMs = 120_000,
    surveyTimeoutMs = 30_000,
    maxLineBytes = 64 << 20,
  } = options;
  const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect: { timeout: connectTimeoutMs } });
  const limits = { clock: options.clock, gapTimeoutMs, surveyTimeoutMs, maxLineBytes };
  const { handler } = options;
  const send: Send = handler
    ? (url, init, signal) => askHandler(handler, url, { ...init, signal })
    : (url, init, signal) => sendOver(agent, url, init, signal);
  return {
    open: (exchange) => openExchange(send, limits, exchange),
    close: () => agent.destroy(),
  };
}

interface Limits extends AnswerLimits {
  surveyTimeoutMs: number;
}

type Send = (url: URL, init: RequestInit, signal: AbortSignal) => Promise<RawAnswer>;

function openExchange(send: Send, limits: Limits, exchange: Exchange): OpenExchange {
  const { address } = exchange;
  const asked: Asked = { host: address.url, path: '', model: exchange.model, secrets: secretsOf(address.headers) };
  const { signal, stop } = exchange.isSurvey
    ? surveySignal(exchange.signal, limits, asked)
    : { ...exchange, stop: noop };
  let answer: Answer | undefined;
  // A run has one signal for all its requests; Node would warn of a leak from the eleventh on.
  setMaxListeners(0, exchange.signal);
  return {
    fetch: async (url, init) => {
      const address = new URL(url instanceof Request ? url.url : url);
      asked.path = address.pathname;
      answer = new Answer(await send(address, init ?? {}, signal), limits, { ...exchange, signal }, asked);
      return answer.toResponse();
    },
    toThrown: (error) => {
      if (signal.aborted) return signal.reason as unknown;
      return error instanceof ProblemError
        ? error
        : new ProblemError(
            connectionProblem(error, asked, { hasBegun: answer !== undefined, isSurvey: exchange.isSurvey === true }),
          );
    },
    end: () => {
      stop();
      answer?.end();
    },
  };
}

const noop = (): void => undefined;

/** Aborted with the caller's signal, or when the whole answer has not come in time. */
function surveySignal(
  signal: AbortSignal,
  { clock, surveyTimeoutMs }: Limits,
  asked: Asked,
): { signal: AbortSignal; stop: () => void } {
  const giveUp = new AbortController();
  const stop = watchSilence({ clock, gapTimeoutMs: surveyTimeoutMs }, () =>
    giveUp.abort(noAnswer(asked, surveyTimeoutMs)),
  );
  return { signal: AbortSignal.any([signal, giveUp.signal]), stop };
}

function sendOver(
  agent: Agent,
  url: URL,
  { method = 'GET', headers, body }: RequestInit,
  signal: AbortSignal,
): Promise<RawAnswer> {
  return request(url, {
    ...{ dispatcher: agent, method, signal },
    headers: headers as Record<string, string>,
    ...(typeof body === 'string' && { body }),
  });
}

function noAnswer({ host }: Asked, timeoutMs: number): ProblemError {
  return new ProblemError({
    code: 'host-unreachable',
    message: `${host} takes connections but gave no whole answer within ${timeoutMs / 1000} s`,
    host,
  });
}
