// Writes completions/ from the command tree of the built program.
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = new URL('../', import.meta.url);
const bin = fileURLToPath(new URL('bin/ollama-orchestrate.js', root));

for (const [shell, file] of [
  ['bash', 'ollama-orchestrate.bash'],
  ['zsh', '_ollama-orchestrate'],
]) {
  writeFileSync(new URL(`completions/${file}`, root), execFileSync(process.execPath, [bin, 'completion', shell]));
}
