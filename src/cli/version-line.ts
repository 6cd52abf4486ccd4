import { version } from '../lib/version.ts';

/** What `--version` prints, worded as by Ollama's CLI. */
export const versionLine = `ollama-orchestrate version is ${version}`;
