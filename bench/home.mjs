import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Runs of the benchmark keep their journal in a folder that is gone with the process. */
export function useOwnHome() {
  if (process.env.OLLAMA_ORCHESTRATE_BENCH_HOME) return process.env.OLLAMA_ORCHESTRATE_BENCH_HOME;
  const home = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-bench-'));
  process.on('exit', () => rmSync(home, { recursive: true, force: true }));
  process.env.OLLAMA_ORCHESTRATE_BENCH_HOME = home;
  process.env.OLLAMA_ORCHESTRATE_HOME = home;
  return home;
}
