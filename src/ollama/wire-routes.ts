import { plainReplies, type WireReply } from './wire-encode.ts';
import type { Features } from './wire-features.ts';

/** The paths of the protocol, and how each may be asked. */
const methodsByPath: Readonly<Record<string, readonly string[]>> = {
  '/': ['GET', 'HEAD'],
  '/api/version': ['GET', 'HEAD'],
  '/api/tags': ['GET', 'HEAD'],
  '/api/ps': ['GET'],
  '/api/status': ['GET', 'HEAD'],
  '/api/show': ['POST'],
  '/api/generate': ['POST'],
  '/api/chat': ['POST'],
  '/api/embed': ['POST'],
  '/api/embeddings': ['POST'],
  '/api/pull': ['POST'],
  '/api/copy': ['POST'],
  '/api/delete': ['DELETE'],
};

/** What a server says to a path, or a method, that it does not have; undefined when it has them. */
export function refuseRoute({ path, method }: { path: string; method: string }, has: Features): WireReply | undefined {
  const methods = Object.hasOwn(methodsByPath, path) ? methodsByPath[path] : undefined;
  if (!methods || (path === '/api/embed' && !has.embed) || (path === '/api/status' && !has.cloudStatus))
    return plainReplies.unknownPath;
  if (methods.includes(method)) return undefined;
  return has.methodNotAllowed ? plainReplies.wrongMethod : plainReplies.unknownPath;
}
