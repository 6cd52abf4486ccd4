// in: a request of the Ollama protocol; out: its answer
import { isBodyEndpoint, modelNotFoundReply, parseWireRequest, refuseModelName } from '../ollama/wire-refuse.ts';
import { errorReply, jsonReply, plainReplies, type WireReply } from '../ollama/wire-encode.ts';
import { refuseRoute } from '../ollama/wire-routes.ts';
import { answerPrompt } from './answer-prompt.ts';
import type { BuiltinDependencies } from './builtin-dependencies.ts';
import { features, listLoaded, listModels, protocolVersion, showModel } from './describe-models.ts';
import { isGgufPath } from './model-library.ts';
import { toResponse } from '../ollama/wire-respond.ts';

/** The Ollama protocol answered by llama.cpp: generate, chat, tags, show, ps and version. */
export function createBuiltinHandler(dependencies: BuiltinDependencies): (request: Request) => Promise<Response> {
  return async (request) => {
    const { pathname } = new URL(request.url);
    if (absent.includes(pathname)) return toResponse(plainReplies.unknownPath);
    const refusal = refuseRoute({ path: pathname, method: request.method }, features);
    if (refusal) return toResponse(refusal);
    if (isBodyEndpoint(pathname)) return answerBody(dependencies, pathname, request);
    return toResponse(await answerQuestion(dependencies, pathname), request.method);
  };
}

/** What of the protocol this engine has no use for. */
const absent = ['/api/status', '/api/embeddings', '/api/pull', '/api/copy', '/api/delete'];

async function answerQuestion({ library, runner, clock }: BuiltinDependencies, path: string): Promise<WireReply> {
  if (path === '/api/version') return jsonReply({ version: protocolVersion });
  if (path === '/api/tags') return jsonReply({ models: listModels(await library.list()) });
  if (path === '/api/ps') return jsonReply({ models: listLoaded(runner.loaded(), clock.now()) });
  return plainReplies.running;
}

async function answerBody(
  dependencies: BuiltinDependencies,
  path: Parameters<typeof parseWireRequest>[0],
  request: Request,
): Promise<Response> {
  const startedAtMs = dependencies.clock.now();
  const parsed = parseWireRequest(path, await request.text());
  if ('refusal' in parsed) return toResponse(parsed.refusal);
  const body = parsed.request;
  const name = body.model ?? (path === '/api/show' ? (body['name'] as string | undefined) : undefined) ?? '';
  const refusal = isGgufPath(name) ? undefined : refuseModelName(path, name);
  if (refusal) return toResponse(refusal);
  const model = await dependencies.library.find(name);
  if (!model) return toResponse(modelNotFoundReply(path, name));
  if (path === '/api/show') return toResponse(jsonReply(showModel(model)));
  if (path === '/api/generate' || path === '/api/chat')
    return answerPrompt(dependencies, { path, body, model, startedAtMs, request });
  return toResponse(noEmbeddings);
}

const noEmbeddings = errorReply(501, 'This server does not support embeddings. Start it with `--embeddings`');
