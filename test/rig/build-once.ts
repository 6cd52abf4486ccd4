import { execFileSync } from 'node:child_process';

/** Builds the program once before the suite: end-to-end tests start the real `bin`. */
export default function buildOnce(): void {
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
