// What installing the package brings: packs it, installs the tarball into an empty folder as a user would, prints how
// much that is, and runs the program from there and as `npx` does.
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const limits = { megabytes: 45, packages: 70 };
const root = fileURLToPath(new URL('../', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-package-'));

try {
  const [{ filename }] = JSON.parse(run('npm', ['pack', '--json', '--silent', '--pack-destination', folder], root));
  const tarball = join(folder, filename);
  const app = join(folder, 'app');
  mkdirSync(app);
  run('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', '--prefix', app, tarball], app);

  const packages = readLock(join(app, 'node_modules/.package-lock.json'));
  const megabytes = bytesIn(join(app, 'node_modules')) / 1e6;
  report('tarball', lstatSync(tarball).size / 1e6, 'MB');
  report('installed', megabytes, 'MB', limits.megabytes);
  report('packages', packages, '', limits.packages);

  const bin = join(app, 'node_modules/.bin/ollama-orchestrate');
  console.log(`installed: ${run(bin, ['--version'], app).trim()}`);
  const npx = ['exec', '--yes', '--package', tarball, '--', 'ollama-orchestrate', '--version'];
  console.log(`npx:       ${run('npm', npx, folder).trim()}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function run(command, args, cwd) {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
}

function readLock(path) {
  return Object.keys(JSON.parse(readFileSync(path, 'utf8')).packages).length;
}

function bytesIn(path) {
  const stats = lstatSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + bytesIn(join(path, name)), 0);
}

function report(what, value, unit, limit) {
  const verdict = limit === undefined ? '' : `   at most ${limit}: ${value <= limit ? 'ok' : 'too much'}`;
  console.log(`${what.padEnd(10)} ${Number(value.toFixed(1))} ${unit}${verdict}`);
}
