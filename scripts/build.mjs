// Builds what users run: the CLI as one lazily loaded CommonJS bundle (it starts quicker than ES modules),
// and the library as plain ES modules with types, one file for one file.
import { execFileSync } from 'node:child_process';
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { rolldown } from 'rolldown';
import { licensesOf } from './licenses-of.mjs';

const require = createRequire(import.meta.url);

// Built aside and then put in place: whoever runs the program meanwhile meets the old one or the new one, whole.
const building = `node_modules/.cache/ollama-orchestrate-build/${process.pid}`;
process.on('exit', () => rmSync(building, { recursive: true, force: true }));

// A program each: what they share is small, and neither then loads files cut out for the other.
const bundled = [...(await bundle('cli', 'src/cli/entry.ts')), ...(await bundle('builtin', 'src/builtin/child.ts'))];
writeFileSync(`${building}/cli/LICENSES.txt`, licensesOf(bundled));

if (!process.argv.includes('--cli-only')) {
  execFileSync(
    process.execPath,
    [require.resolve('typescript/bin/tsc'), '-p', 'tsconfig.lib.json', '--outDir', `${building}/lib`],
    {
      stdio: 'inherit',
    },
  );
}
putInPlace();

function putInPlace() {
  const old = `${building}.old`;
  if (existsSync('dist')) renameSync('dist', old);
  renameSync(building, 'dist');
  rmSync(old, { recursive: true, force: true });
}

/** @returns the files that went into it */
async function bundle(name, entry) {
  const bundled = await rolldown({
    input: { [name]: entry },
    platform: 'node',
    // Finds its binary beside itself.
    external: ['libsql'],
    checks: { ineffectiveDynamicImport: false },
    plugins: [
      loadOnDemand({ in: /commander[\\/]lib[\\/]command\.js$/, module: 'node:child_process' }),
      leaveOut({
        of: /[\\/]conf[\\/]/,
        modules: { 'ajv/dist/2020.js': 'Ajv2020', 'ajv-formats': 'default', semver: 'default' },
      }),
    ],
  });
  const { output } = await bundled.write({
    dir: `${building}/cli`,
    format: 'cjs',
    minify: true,
    entryFileNames: '[name].cjs',
    chunkFileNames: '[name]-[hash].cjs',
    // Each file costs a start about a millisecond: what all commands but --version load is one.
    codeSplitting: {
      groups: [
        { name: 'start', tags: ['$initial'], priority: 2 },
        { name: 'program', test: /src[\\/]cli[\\/]program\.ts$/, priority: 1 },
        {
          name: 'agents',
          test: /src[\\/](agents[\\/](agent-store|merge-patch|hide-secrets)|settings[\\/]directories|cli[\\/](table|relative-time))\.ts$/,
        },
      ],
    },
  });
  await bundled.close();
  return output.flatMap((chunk) => chunk.moduleIds ?? []);
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

/** Parts of a package that we never call (conf: schemas and migrations), and that take 30 ms to load. A call would throw. */
function leaveOut({ of: importer, modules }) {
  const marker = '\0left-out:';
  return {
    name: 'leave-out',
    resolveId: (id, from) => (Object.hasOwn(modules, id) && importer.test(from ?? '') ? `${marker}${id}` : undefined),
    load(id) {
      if (!id.startsWith(marker)) return undefined;
      const name = modules[id.slice(marker.length)];
      const text = `not part of this program: ${id.slice(marker.length)}`;
      return `function leftOut() { throw new Error('${text}'); }\nexport { leftOut as ${name} };`;
    },
  };
}
