// Runs the whole suite and ends with one plain line, counted from the runner's own report: "N passed, N failed".
//   node scripts/test.mjs [PATH …]              the suite, or a part of it
//   node scripts/test.mjs --write-conformance   the suite, then docs/conformance.md made anew from its report
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const vitest = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs');
const directory = mkdtempSync(join(tmpdir(), 'ollama-orchestrate-report-'));
const report = join(directory, 'report.json');
const writes = process.argv.includes('--write-conformance');
const paths = process.argv.slice(2).filter((argument) => argument !== '--write-conformance');

try {
  const suite = node(vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...paths);
  // The page names tests of the whole suite, so a part of it cannot tell.
  const conformance = paths.length > 0 ? 0 : node(script('conformance.mjs'), report, writes ? '' : '--check');
  const { passed, failed, skipped } = count(JSON.parse(readFileSync(report, 'utf8')));
  const allFailed = failed + (conformance === 0 ? 0 : 1);
  process.exitCode = suite === 0 && allFailed === 0 ? 0 : 1;
  console.log(`${passed} passed, ${allFailed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function node(...args) {
  return spawnSync(process.execPath, args, { stdio: 'inherit' }).status ?? 1;
}

function script(name) {
  return fileURLToPath(new URL(name, import.meta.url));
}

/** A file that cannot even be loaded has no test to count as failed: it counts as one. */
function count({ numPassedTests, numFailedTests, numPendingTests, testResults }) {
  const broken = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + broken.length, skipped: numPendingTests };
}
