// Makes every file that is made from code: completions, JSON Schemas and the reference pages.
//   node scripts/generate.mjs          writes them
//   node scripts/generate.mjs --check  fails, naming each that is stale
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import openapiTypes, { astToString } from 'openapi-typescript';
import { format, resolveConfig } from 'prettier';
import { createGenerator } from 'ts-json-schema-generator';
import { parse } from 'yaml';
import { z } from 'zod';
import { rows as conformance } from '../test/conformance.mjs';

const root = new URL('../', import.meta.url);
const bin = fileURLToPath(new URL('bin/ollama-orchestrate.js', root));
const library = (path) => import(new URL(`dist/lib/${path}`, root));

/** Keys that say nothing about what an example shows. */
const plainKeys = new Set(['name', 'type', 'prompt', 'vars', 'options', 'needs']);

const eventSchema = typeSchema('src/events/event.ts', 'RunEvent');
const runSchema = typeSchema('src/events/run-document.ts', 'RunDocument');

const files = {
  'src/cli/help-page.ts': helpPage(),
  'completions/ollama-orchestrate.bash': program('completion', 'bash'),
  'completions/_ollama-orchestrate': program('completion', 'zsh'),
  'schema/event.schema.json': eventSchema,
  'schema/run-document.schema.json': runSchema,
  'schema/agent.schema.json': await agentSchema(),
  'schema/workflow.schema.json': await workflowSchema(),
  'schema/simulator.schema.json': await simulatorFileSchema(),
  'schema/openapi.json': await apiDocument(),
  'test/fixtures/api.ts': await apiTypes(),
  'docs/errors.md': await markdown(await errorsPage()),
  'docs/cli.md': await markdown(cliPage()),
  'docs/task-types.md': await markdown(await taskTypesPage()),
  'docs/routing.md': await markdown(await routingPage()),
  'docs/workflows.md': await markdown(await workflowsPage()),
  'docs/server.md': await markdown(await serverPage()),
  'docs/simulator.md': await markdown(await simulatorPage()),
};

const stale = Object.entries(files).filter(([path, text]) => text !== read(path));
if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`${path} is stale: npm run generate`);
  process.exitCode = stale.length === 0 ? 0 : 1;
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(fileURLToPath(new URL(path, root))), { recursive: true });
    writeFileSync(new URL(path, root), text);
    console.log(`wrote ${path}`);
  }
}

function read(path) {
  try {
    return readFileSync(new URL(path, root), 'utf8');
  } catch {
    return undefined;
  }
}

function program(...args) {
  return execFileSync(process.execPath, [bin, ...args], { encoding: 'utf8', env: { PATH: process.env.PATH } });
}

/** Not what `--help` prints, which is this page. */
function helpPage() {
  const lines = [
    '/** The main help page, made from the command tree by scripts/generate.mjs. */',
    'export const helpPage = `',
  ];
  return `${lines.join('\n')}${program('help').replace(/[\\`$]/g, '\\$&')}\`;\n`;
}

function typeSchema(path, type) {
  const options = { path, type, tsconfig: 'tsconfig.json', skipTypeCheck: true, additionalProperties: true };
  return json(createGenerator(options).createSchema(type));
}

async function agentSchema() {
  const { agentSchema: schema } = await library('agents/schema.js');
  return json(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }));
}

async function workflowSchema() {
  const { workflowSchema: schema } = await library('spec/workflow/workflow-schema.js');
  const title = 'A workflow file of ollama-orchestrate';
  return json({ title, ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', override: bothSpellings }) });
}

async function simulatorFileSchema() {
  const { simulatorSchema: schema } = await library('simulator/simulator-schema.js');
  const title = 'A simulator file of ollama-orchestrate';
  return json({ title, ...z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) });
}

async function apiDocument() {
  const [{ toApiDocument }, { routes }, { version }] = await Promise.all([
    library('server/api-document.js'),
    library('server/routes/index.js'),
    library('lib/version.js'),
  ]);
  return json(toApiDocument(routes, { version, published: [runSchema, eventSchema].map((text) => JSON.parse(text)) }));
}

/** Types of a client, to prove that one can be made. */
async function apiTypes() {
  const types = astToString(await openapiTypes(JSON.parse(await apiDocument())));
  const filepath = fileURLToPath(new URL('test/fixtures/api.ts', root));
  const lead = '// The types of a client, made from schema/openapi.json by scripts/generate.mjs.\n';
  return format(lead + types, { ...(await resolveConfig(filepath)), filepath });
}

/** Keys may be written with `-`; as patterns they are valid, and editors still propose one spelling of each. */
function bothSpellings({ jsonSchema }) {
  const { properties = {}, additionalProperties } = jsonSchema;
  const spelled = Object.entries(properties).filter(([key]) => key.includes('_'));
  if (additionalProperties !== false || spelled.length === 0) return;
  jsonSchema.patternProperties = Object.fromEntries(
    spelled.map(([key, value]) => [`^${key.replaceAll('_', '-')}$`, value]),
  );
}

function json(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function markdown(text) {
  return format(text, { parser: 'markdown', printWidth: 120, singleQuote: true });
}

async function errorsPage() {
  const { catalogue } = await library('errors/catalogue.js');
  const rows = Object.entries(catalogue).map(
    ([code, { exit, status, title }]) => `| \`${code}\` | ${title} | ${exit} | ${status} |`,
  );
  return `# Problems

Every problem has a code that never changes. The exit code is that of a command which fails for this problem alone; a run
with several failed tasks ends with 1, or with 3, 4 or 5 when all of them failed for a problem of that row and, for 3 and
4, nothing completed. The HTTP status is for programs that answer over HTTP.

| code | meaning | exit code | HTTP status |
| --- | --- | --: | --: |
${rows.join('\n')}
`;
}

function cliPage() {
  const commands = [...program('--help').matchAll(/^ {2}([a-z][a-z-]*)(?: |$)/gm)].map(([, name]) => name);
  const known = commands.filter((name) => name !== 'help');
  const pages = known
    .flatMap((name) => [name, ...subcommands(name)])
    .map((name) => {
      return `## ${name}\n\n\`\`\`text\n${program(...name.split(' '), '--help')}\`\`\``;
    });
  return `# Commands\n\n\`\`\`text\n${program('--help')}\`\`\`\n\n${pages.join('\n\n')}\n`;
}

function subcommands(name) {
  const help = program(name, '--help');
  const block = /^Commands:\n((?: {2}.*\n)+)/m.exec(help)?.[1] ?? '';
  return [...block.matchAll(/^ {2}([a-z][a-z-]*)/gm)]
    .map(([, sub]) => `${name} ${sub}`)
    .filter((sub) => !sub.endsWith(' help'));
}

async function taskTypesPage() {
  const { taskTypes } = await library('tasks/index.js');
  const types = taskTypes.map(({ type, summary, uses, needs }) => {
    const wants = needs ? needs({}).join(', ') : 'runs in your own program';
    return `| \`${type}\` | ${summary} | ${wants} | ${uses.map((field) => `\`${field}\``).join(' ')} |`;
  });
  return `# Task types

| type | what it does | needs of a model | fields besides \`input\` |
| --- | --- | --- | --- |
${types.join('\n')}

Images also need \`vision\`, and \`think\` needs \`thinking\`. A task whose needs no model of the agent meets fails without
being sent. Which of the models that can do it does it is told in [routing](routing.md).
`;
}

/** The page as it is written, the table of rules and the list of kinds made anew. */
async function routingPage() {
  const [{ routingRules }, { kinds }] = await Promise.all([library('routing/index.js'), library('lib/kinds.js')]);
  const rules = routingRules.map(({ name, summary }) => `| \`${name}\` | ${summary} |`);
  return withTables('docs/routing.md', {
    kind: kinds.map((kind) => `\`${kind}\``).join(', '),
    rule: `| rule | what it says |\n| --- | --- |\n${rules.join('\n')}`,
  });
}

/** The page as it is written, its tables made anew. */
async function workflowsPage() {
  const [{ workflowSchema, stepSchema, varSchema, budgetSchema }, { expressionFunctions }] = await Promise.all([
    library('spec/workflow/workflow-schema.js'),
    library('spec/expression/expression-functions.js'),
  ]);
  const tables = {
    workflow: keyTable(workflowSchema),
    step: keyTable(stepSchema),
    variable: keyTable(varSchema),
    budget: keyTable(budgetSchema),
    function: functionTable(expressionFunctions),
    example: exampleTable(),
  };
  return withTables('docs/workflows.md', tables);
}

/** The page as it is written, its tables made anew. */
async function serverPage() {
  const [{ routes }, { guards }, { ServerMetrics }] = await Promise.all([
    library('server/routes/index.js'),
    library('server/guards/index.js'),
    library('server/metrics.js'),
  ]);
  const nothing = { running: 0, waiting: 0 };
  const numbers = await new ServerMetrics(() => ({ runs: nothing, passed: nothing })).read();
  const helps = [...numbers.matchAll(/^# HELP (\S+) (.*)$/gm)].map(([, name, help]) => {
    return [`\`${name}\``, help];
  });
  const requests = routes.map(({ method, path, summary }) => [`\`${method} ${path}\``, summary]);
  const kept = guards.map(({ name, summary }) => [name, summary]);
  const tables = {
    routes: table(['request', 'what it does'], requests),
    guards: table(['guard', 'what it keeps out'], kept),
    metrics: table(['name', 'what it counts'], helps),
    mended: mendedTable(),
  };
  return withTables('docs/server.md', tables);
}

/** What the recorded conversation with the original shows of its defects, and where. */
function mendedTable() {
  const mended = Object.entries(JSON.parse(read('test/fixtures/reference-mended.json')));
  const seen = conformance.flatMap(({ id, original, ours }) => {
    const exchanges = mended.filter(([, fields]) => Object.values(fields).includes(id)).map(([name]) => `\`${name}\``);
    return exchanges.length === 0 ? [] : [[id, original, ours, exchanges.join(', ')]];
  });
  return table(['', 'the original', 'this server', 'recorded as'], seen);
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

async function simulatorPage() {
  const { simulatorSchema, modelSchema, faultSchema } = await library('simulator/simulator-schema.js');
  return withTables('docs/simulator.md', {
    simulator: keyTable(simulatorSchema),
    model: keyTable(modelSchema),
    fault: keyTable(faultSchema),
  });
}

function withTables(page, tables) {
  return read(page).replace(
    /(<!-- table: (\w+) -->\n)[^]*?(<!-- end of table -->)/g,
    (_, start, name, end) => `${start}\n${tables[name]}\n\n${end}`,
  );
}

/** What the comment at the top of each example says, and the keys it uses that not every file has. */
function exampleTable() {
  const rows = readdirSync(new URL('examples/', root)).map((file) => {
    const text = read(`examples/${file}`);
    const [, , ...lines] = text.split('\n');
    const what = lines.slice(0, lines.indexOf('#')).map((line) => line.replace(/^# ?/, ''));
    const { steps, ...top } = parse(text);
    const keys = [...Object.keys(top), ...steps.flatMap((step) => Object.keys(step))];
    const shown = [...new Set(keys)].filter((key) => !plainKeys.has(key)).map((key) => `\`${key}\``);
    const types = [...new Set(steps.map(({ type }) => type))].filter((type) => type !== 'generate');
    const calls = [...new Set(text.match(/\b(?:always|failure)\(\)/g))].map((call) => `\`${call}\``);
    const shows = [...shown, ...calls, ...types.map((type) => `\`type: ${type}\``)];
    return `| [${file}](../examples/${file}) | ${what.join(' ')} | ${shows.join(' ')} |`;
  });
  return `| file | what it does | shows |\n| --- | --- | --- |\n${rows.join('\n')}`;
}

function functionTable(functions) {
  const rows = Object.entries(functions).map(
    ([name, { values, meaning }]) => `| \`${name}(${values})\` | ${meaning} |`,
  );
  return `| function | gives |\n| --- | --- |\n${rows.join('\n')}`;
}

function keyTable({ shape }) {
  const rows = Object.entries(shape).map(([key, schema]) => {
    if (schema.description === undefined) throw new Error(`'${key}' is not described`);
    return `| \`${key}\` | ${schema.description} |`;
  });
  return `| key | meaning |\n| --- | --- |\n${rows.join('\n')}`;
}
