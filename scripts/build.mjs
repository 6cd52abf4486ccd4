// Builds what users run: the CLI as one lazily loaded CommonJS bundle (it starts quicker than ES modules),
// and the library as plain ES modules with types, one file for one file.
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { rolldown } from 'rolldown';

const require = createRequire(import.meta.url);

rmSync(new URL('../dist', import.meta.url), { recursive: true, force: true });

const bundle = await rolldown({
  input: { cli: 'src/cli/entry.ts', builtin: 'src/builtin/child.ts' },
  platform: 'node',
  logLevel: 'warn',
});
await bundle.write({
  dir: 'dist/cli',
  format: 'cjs',
  minify: true,
  entryFileNames: '[name].cjs',
  chunkFileNames: '[name]-[hash].cjs',
});
await bundle.close();

if (!process.argv.includes('--cli-only')) {
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.lib.json'], {
    stdio: 'inherit',
  });
}
