import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bin, type Ended, type Rig } from './rig.ts';

/** Runs lines as a user types them, with `ollama-orchestrate` and `npx ollama-orchestrate` as this checkout's program. */
export function runShell(rig: Rig, lines: readonly string[], env: Record<string, string>): Promise<Ended> {
  const folder = join(rig.root, 'bin');
  mkdirSync(folder, { recursive: true });
  const program = `exec "${process.execPath}" "${bin}"`;
  writeFileSync(join(folder, 'ollama-orchestrate'), `#!/bin/sh\n${program} "$@"\n`);
  writeFileSync(join(folder, 'npx'), `#!/bin/sh\nshift\n${program} "$@"\n`);
  for (const name of ['ollama-orchestrate', 'npx']) chmodSync(join(folder, name), 0o755);
  const PATH = `${folder}:${process.env.PATH ?? ''}`;
  const stdin = ['set -e -o pipefail', ...lines].join('\n');
  return rig.run([], { command: ['bash'], stdin, env: { PATH, ...env } }).exit;
}
