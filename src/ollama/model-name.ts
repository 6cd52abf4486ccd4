/**
 * The name under which two spellings of one model are equal: `llama3.2`, `library/llama3.2:latest` and
 * `registry.ollama.ai/library/LLAMA3.2` are all `llama3.2:latest`.
 */
export function normalizeModelName(name: string): string {
  const lower = name.trim().toLowerCase();
  const short = lower.replace(/^registry\.ollama\.ai\//, '').replace(/^library\//, '');
  const hasTag = short.lastIndexOf(':') > short.lastIndexOf('/');
  return hasTag ? short : `${short}:latest`;
}
