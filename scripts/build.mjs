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
  plugins: [loadOnDemand({ in: /commander[\\/]lib[\\/]command\.js$/, module: 'node:child_process' })],
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

/** A package that requires a module of Node at its start and may never use it: 2 ms of each start of our program. */
function loadOnDemand({ in: file, module }) {
  const declaration = new RegExp(`const (\\w+) = require\\('${module}'\\);`);
  return {
    name: 'load-on-demand',
    transform(code, id) {
      if (!file.test(id)) return undefined;
      const [found, name] = declaration.exec(code) ?? [];
      if (!found) throw new Error(`${id} no longer requires ${module} as it did`);
      const rest = code.replace(found, '');
      return rest.replaceAll(new RegExp(`\\b${name}\\.`, 'g'), `require('${module}').`);
    },
  };
}
