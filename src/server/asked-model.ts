import { isRecord } from '../spec/schema.ts';

/** Paths whose requests have a model at work; they wait for their turn at it. */
const promptPaths = new Set([
  ...['/api/generate', '/api/chat', '/api/embed', '/api/embeddings'],
  ...['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/responses', '/v1/messages'],
]);

/** Paths whose requests are about a model that a server must have. */
const aboutPaths = new Set(['/api/show', '/api/copy', '/api/push', '/api/delete']);

/** Whether a request is about a model that its body names. */
export function namesModel(path: string): boolean {
  return promptPaths.has(path) || aboutPaths.has(path);
}

/** Whether a request makes a model work. */
export function isPrompt(path: string): boolean {
  return promptPaths.has(path);
}

/** The model a body names; undefined when it is for the Ollama server to say what is wrong with it. */
export function askedModel(body: Uint8Array): string | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(body));
    if (!isRecord(value)) return undefined;
    const name = value['model'] ?? value['name'] ?? value['source'];
    return typeof name === 'string' && name !== '' ? name : undefined;
  } catch {
    return undefined;
  }
}
