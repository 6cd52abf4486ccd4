// In: a request of the Ollama protocol. Out: the answer of a server that is made up.
import { normalizeModelName } from '../ollama/model-name.ts';
import { contentTypes, jsonReply, plainReplies, type WireReply } from '../ollama/wire-encode.ts';
import { toListed, toLoaded, toShown } from '../ollama/wire-models.ts';
import { emptyAnswer, isEmptyPrompt, isPromptEndpoint, type PromptEndpoint } from '../ollama/wire-prompt.ts';
import {
  isBodyEndpoint,
  modelNotFoundReply,
  parseWireRequest,
  refuseByCapability,
  refuseModelName,
  refuseOptions,
  type BodyEndpoint,
  type WireRequest,
} from '../ollama/wire-refuse.ts';
import { BrokenOff, Refusal, toFailure, toResponse } from '../ollama/wire-respond.ts';
import { refuseRoute } from '../ollama/wire-routes.ts';
import { readKeepAliveMs } from '../ollama/wire-keep-alive.ts';
import { answerEmbed } from './answer-embed.ts';
import { answerPrompt } from './answer-prompt.ts';
import { answerPull } from './answer-pull.ts';
import type { Simulation } from './simulation.ts';
import type { VirtualModel } from './virtual-model.ts';

/** The path on which a simulator tells what only it knows: how often each model was loaded. */
const loadsPath = '/simulator/loads';

/** Answers as the server would whose life the simulation is. */
export function createSimulatorHandler(simulation: Simulation): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname: path } = new URL(request.url);
    const { method } = request;
    if (path === loadsPath && method === 'GET') return toResponse(jsonReply(tellLoads(simulation)));
    const refusal = refuseRoute({ path, method }, simulation.has);
    if (refusal) return toResponse(refusal, method);
    if (!isBodyEndpoint(path)) return toResponse(answerQuestion(simulation, path), method);
    const parsed = parseWireRequest(path, await request.text());
    if ('refusal' in parsed) return toResponse(parsed.refusal);
    try {
      return await answerBody(simulation, { path, body: parsed.request, request });
    } catch (error) {
      if (error instanceof BrokenOff) return brokenResponse(error);
      return toOldFailure(simulation, parsed.request, error) ?? toFailure(error, request.signal);
    }
  };
}

interface BodyCall {
  path: BodyEndpoint;
  body: WireRequest;
  /** Held as long as it is answered: its signal is aborted only as long as something holds it. */
  request: Request;
}

/** Refuses before anything is loaded what is wrong with a request itself. */
function answerBody(simulation: Simulation, { path, body, request }: BodyCall): Promise<Response> | Response {
  const { signal } = request;
  if (path === '/api/copy') return copyModel(simulation, body);
  const isOld = path === '/api/show' || path === '/api/delete' || path === '/api/pull';
  const name = body.model ?? (isOld ? (body['name'] as string | undefined) : undefined);
  const refusal = refuseModelName(path, name);
  if (refusal) return toResponse(refusal);
  if (path === '/api/pull') return answerPull(simulation, { body, signal });
  const model = simulation.models.find(name ?? '');
  if (!model) return toResponse(modelNotFoundReply(path, name ?? ''));
  if (path === '/api/show') return toResponse(jsonReply(toShown(simulation.models.describe(model), simulation.has)));
  if (path === '/api/delete') return deleteModel(simulation, model);
  return isPromptEndpoint(path)
    ? answerModel(simulation, { path, body, model, signal })
    : toResponse(plainReplies.unknownPath);
}

async function answerModel(
  simulation: Simulation,
  call: { path: PromptEndpoint; body: WireRequest; model: VirtualModel; signal: AbortSignal },
): Promise<Response> {
  const { path, body, model } = call;
  if (isEmptyPrompt(path, body) && readKeepAliveMs(body.keep_alive) === 0) {
    simulation.server.scheduler.unload(model.name);
    return toResponse(emptyAnswer(path, body, 'unload', simulation.clock.now()));
  }
  const refusal = refuseByCapability(path, body, model.capabilities) ?? refuseOptions(body.options);
  if (refusal) return toResponse(refusal);
  if (path === '/api/generate' || path === '/api/chat') return answerPrompt(simulation, { ...call, path });
  return answerEmbed(simulation, call);
}

function deleteModel({ models, server }: Simulation, { name }: VirtualModel): Response {
  server.scheduler.unload(name);
  models.remove(name);
  return toResponse({ status: 200, body: '' });
}

function copyModel({ models, clock }: Simulation, { source, destination }: WireRequest): Response {
  if (typeof source !== 'string' || typeof destination !== 'string')
    return toResponse(refuseModelName('/api/copy', undefined) ?? plainReplies.unknownPath);
  const model = models.find(source);
  if (!model) return toResponse(modelNotFoundReply('/api/copy', source));
  models.put({ ...model, name: normalizeModelName(destination) }, clock.now());
  return toResponse({ status: 200, body: '' });
}

function answerQuestion({ version, has, models, server, clock }: Simulation, path: string): WireReply {
  if (path === '/api/version') return jsonReply({ version });
  if (path === '/api/status') return jsonReply({ cloud: { disabled: false, source: 'none' } });
  if (path === '/api/tags') return jsonReply({ models: models.list().map((model) => toListed(model, has)) });
  if (path !== '/api/ps') return plainReplies.running;
  const loaded = [...server.scheduler.loaded.values()].sort((a, b) => b.expiresAtMs - a.expiresAtMs);
  return jsonReply({
    models: loaded.map(({ model, numCtx, memoryBytes, expiresAtMs }) => {
      const state = { numCtx, sizeBytes: memoryBytes, vramBytes: memoryBytes, expiresAtMs, nowMs: clock.now() };
      return toLoaded(models.describe(model), state, has);
    }),
  });
}

function tellLoads({ server, counts }: Simulation): object {
  const { loads, totalLoads } = server.scheduler;
  const [requests, refused] = [counts.requests, counts.refused].map((count) => Object.fromEntries(count));
  return { loads: Object.fromEntries(loads), total: totalLoads, requests, refused };
}

/** Before 0.12.6, an error of the server ahead of the first line was a line of a 200. */
function toOldFailure({ has }: Simulation, { stream }: WireRequest, error: unknown): Response | undefined {
  if (has.statusErrors || stream === false || !(error instanceof Refusal) || error.reply.status < 500) return undefined;
  return toResponse({ status: 200, type: contentTypes.ndjson, body: `${error.reply.body}\n` });
}

/** Headers, and then a connection that breaks. */
function brokenResponse(error: BrokenOff): Response {
  const body = new ReadableStream({ start: (controller) => controller.error(error) });
  return new Response(body, { headers: { 'content-type': contentTypes.ndjson } });
}
