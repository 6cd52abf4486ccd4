// All that is to be shown of the order of work, in one run: npm run bench -- [PART …] [--quick] [--write]. It takes a quarter
// of an hour. With --write the sections make up RESULTS.md, with the machine and the date; --quick has small cases, to see
// whether all of it works. Nothing in RESULTS.md is typed: what is met and what is not comes from the numbers.
import { writeFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { format } from 'prettier';
import { measureClassify } from './classify.mjs';
import { measureExplain } from './explain.mjs';
import { measureLoads } from './loads.mjs';
import { measureOptimum } from './optimum.mjs';
import { measureOverhead } from './overhead.mjs';
import { measureReal } from './real.mjs';
import { readOptions, toMarkdown } from './section.mjs';

const parts = {
  loads: measureLoads,
  optimum: measureOptimum,
  real: measureReal,
  overhead: measureOverhead,
  classify: measureClassify,
  explain: measureExplain,
};

const { words, quick, write } = readOptions();
const unknown = words.find((word) => !Object.hasOwn(parts, word));
if (unknown) throw new Error(`no part is called ${unknown}; there are ${Object.keys(parts).join(', ')}`);
if (write && (quick || words.length > 0)) throw new Error('RESULTS.md holds all parts, at their full size');

const sections = [await format(head(), { parser: 'markdown', printWidth: 120, proseWrap: 'always' })];
console.log(sections[0]);
const missed = [];
for (const [name, part] of Object.entries(parts)) {
  if (words.length > 0 && !words.includes(name)) continue;
  for await (const section of part({ quick, words: [] })) {
    missed.push(...(section.checks ?? []).filter(({ isMet }) => !isMet).map(({ what }) => what));
    sections.push(await toMarkdown(section));
    console.log(sections.at(-1));
  }
}
console.log(missed.length === 0 ? 'all aims are met' : `not met:\n${missed.map((what) => `- ${what}`).join('\n')}`);
if (write) writeFileSync(new URL('RESULTS.md', import.meta.url), sections.join('\n'));

function head() {
  const [cpu] = cpus();
  const gigabytes = (totalmem() / 1024 ** 3).toFixed(0);
  const machine = `${availableParallelism()} cores (${cpu?.model.trim() ?? 'unknown'}), ${gigabytes} GB, ${platform()} ${arch()}`;
  return `# What the order of work is worth: results

\`npm run bench -- --write\` has made this page, on ${new Date().toISOString().slice(0, 10)}, with Node ${process.versions.node}. ${machine}; load of the
machine at the start ${loadavg()[0].toFixed(1)}. All loads are read from servers: simulated ones ([docs/simulator.md](../docs/simulator.md))
count them. \`naive\` sends everything at once (\`Promise.all\` over the package \`ollama\`), \`one by one\` each task after the other,
\`p-limit(4)\` four at a time; \`ours\` is the library, which keeps a journal meanwhile. A simulated second takes 30 to 100 ms, and the
time of the clients is not shrunk with it: a burst that would share loads on a server at its own pace does so less often here, to
the disadvantage of \`naive\`, and the beginning of a run weighs more, to that of \`ours\`.`;
}
