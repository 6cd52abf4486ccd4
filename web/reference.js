// The reference page: everything on it is made from openapi.json. Texts are only ever set as texts, answers too.
const byId = (id) => document.getElementById(id);
const main = document.querySelector('main');

const api = await (await fetch('openapi.json')).json();
const endpoints = Object.entries(api.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
);
show();
openNamed();
addEventListener('hashchange', openNamed);
byId('find').addEventListener('input', find);

function show() {
  byId('version').textContent = api.info.version;
  const forPrograms = element('a', { href: 'openapi.json' }, 'openapi.json');
  byId('about').replaceChildren(...withCode(`${api.info.description} The same for programs: `), forPrograms);
  for (const { name } of api.tags) {
    const listed = endpoints.filter(({ tags }) => tags.includes(name));
    main.append(element('section', {}, element('h2', {}, name), ...listed.map(toEndpoint)));
    document.querySelector('nav').append(element('section', {}, element('h2', {}, name), ...listed.map(toLink)));
  }
}

function toLink({ operationId, method, path }) {
  const shortPath = path.replace('/api/orchestration', '');
  return element('a', { href: `#${operationId}`, 'data-endpoint': operationId }, methodOf(method), shortPath);
}

/** Its inside is made when it is opened: schemas are large, and refer to themselves. */
function toEndpoint(endpoint) {
  const { operationId, method, path, summary } = endpoint;
  const what = element('span', { class: 'what' }, ...withCode(summary));
  const head = element('summary', {}, methodOf(method), element('code', {}, path), what);
  return lazily(element('details', { class: 'endpoint', id: operationId, 'data-endpoint': operationId }, head), () => [
    ...toAsked(endpoint),
    ...toAnswers(endpoint),
    toTry(endpoint),
  ]);
}

function methodOf(method) {
  return element('span', { class: `method ${method}` }, method.toUpperCase());
}

function toAsked({ parameters = [], requestBody }) {
  const { schema } = requestBody?.content['application/json'] ?? {};
  const rows = parameters.map(({ name, in: place, required, description, schema }) =>
    toRow(name, { ...schema, description: `${description ?? ''} (${place})` }, required),
  );
  return [
    ...(rows.length > 0 ? [element('h3', {}, 'Parameters'), element('table', {}, ...rows)] : []),
    ...(schema ? [element('h3', {}, requestBody.required ? 'Body' : 'Body, optional'), toSchema(schema, true)] : []),
  ];
}

function toAnswers({ responses }) {
  const rows = Object.entries(responses).map(([status, response]) => {
    const { description, content = {} } = resolve(response);
    const kinds = Object.entries(content).map(([type, { schema }]) =>
      element('div', {}, element('span', { class: 'type' }, type, ' '), toSchema(schema)),
    );
    return element('tr', {}, element('td', {}, status), element('td', {}, ...withCode(description), ...kinds));
  });
  return [element('h3', {}, 'Answers'), element('table', {}, ...rows)];
}

/** A schema as a word, which opens where there is more to it. */
function toSchema(schema, isOpen = false) {
  const shown = resolve(schema);
  const rows = rowsOf(shown);
  const word = element('span', { class: 'type' }, nameOf(schema));
  if (rows.length === 0) return word;
  const details = element('details', { class: 'schema' }, element('summary', {}, nameOf(schema)));
  const made = lazily(details, () => [
    ...(shown.description ? [element('p', {}, ...withCode(shown.description))] : []),
    element('table', {}, ...rows.map((row) => toRow(...row))),
  ]);
  made.open = isOpen;
  return made;
}

/** What a schema is made of: name, schema, and whether it must be there. Lists of lists of plain values end somewhere. */
function rowsOf({ properties = {}, required = [], items, anyOf, oneOf, additionalProperties }, depth = 3) {
  const hasRows = (schema) => depth > 0 && isSchema(schema) && rowsOf(resolve(schema), depth - 1).length > 0;
  const rows = Object.entries(properties).map(([name, each]) => [name, each, required.includes(name)]);
  if (hasRows(items)) rows.push(['each', items]);
  for (const each of anyOf ?? oneOf ?? []) if (hasRows(each)) rows.push(['either', each]);
  if (hasRows(additionalProperties)) rows.push(['any key', additionalProperties]);
  return rows;
}

function toRow(name, schema, isNeeded = false) {
  const { description, default: usual } = { ...resolve(schema), ...schema };
  const needed = isNeeded ? [element('span', { class: 'needed', title: 'must be there' }, ' *')] : [];
  const said = description ? element('div', {}, ...withCode(description)) : '';
  const unless = usual === undefined ? '' : element('div', { class: 'type' }, `default: ${JSON.stringify(usual)}`);
  const left = element('td', {}, element('code', {}, name), ...needed);
  return element('tr', {}, left, element('td', {}, toSchema(schema), said, unless));
}

/** What kind of value it is, in a few words. */
function nameOf(schema) {
  if (schema.$ref) return schema.$ref.replace(/^.*\//, '');
  const { type, items, anyOf, oneOf, enum: values } = schema;
  if ('const' in schema) return JSON.stringify(schema.const);
  if (values) return values.map((value) => JSON.stringify(value)).join(' | ');
  const choices = anyOf ?? oneOf;
  if (choices) return choices.length > 6 ? 'one of several' : choices.map(nameOf).join(' | ');
  if (type === 'array') return `list of ${isSchema(items) ? nameOf(items) : 'anything'}`;
  return [type ?? 'anything'].flat().join(' | ');
}

function isSchema(value) {
  return typeof value === 'object' && value !== null && Object.keys(value).length > 0;
}

function resolve(value) {
  if (!value?.$ref) return value ?? {};
  const path = value.$ref.slice(2).split('/');
  return path.reduce((found, key) => found[key], api);
}

/** A form that sends the request for real, and the same request for a shell. */
function toTry({ path, method, parameters = [], requestBody, responses }) {
  const fields = new Map(parameters.map((each) => [each, toField(each)]));
  const types = Object.keys(responses[200]?.content ?? {});
  const accept = element('select', {}, ...types.map((type) => element('option', {}, type)));
  const { example } = requestBody?.content['application/json'] ?? {};
  const body = element('textarea', { spellcheck: 'false' });
  body.value = example === undefined ? '' : JSON.stringify(example, undefined, 2);
  const [send, stop, copy] = ['Send', 'Stop', 'Copy as curl'].map((text) =>
    element('button', { type: 'button' }, text),
  );
  send.type = 'submit';
  stop.disabled = true;
  stop.className = copy.className = 'plain';
  const said = element('span', { role: 'status' });
  const output = element('pre', { hidden: '' });

  const form = element(
    'form',
    {},
    element('h3', {}, 'Try it'),
    ...[...fields].map(([{ name, required }, field]) => element('label', {}, required ? `${name} *` : name, field)),
    ...(requestBody ? [element('label', { class: 'tall' }, 'body', body)] : []),
    ...(types.length > 1 ? [element('label', {}, 'answer as', accept)] : []),
    element('div', { class: 'buttons' }, send, stop, copy, said),
    output,
  );
  const toRequest = () => requestOf({ path, method, fields, body: requestBody && body.value, accept: accept.value });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void exchange(toRequest(), { send, stop, said, output });
  });
  copy.addEventListener('click', () => {
    output.hidden = false;
    output.textContent = toCurl(toRequest());
    navigator.clipboard?.writeText(output.textContent).catch(() => undefined);
  });
  return form;
}

function toField({ required, schema }) {
  const { enum: values, default: usual } = resolve(schema);
  if (values) return element('select', {}, ...['', ...values].map((value) => element('option', {}, value)));
  const needed = required ? { required: '' } : {};
  return element('input', { ...needed, ...(usual !== undefined && { placeholder: String(usual) }) });
}

function requestOf({ path, method, fields, body, accept }) {
  const headers = {};
  const query = new URLSearchParams();
  let filled = path;
  for (const [{ name, in: place }, { value }] of fields) {
    if (value === '') continue;
    if (place === 'path') filled = filled.replace(`{${name}}`, encodeURIComponent(value));
    else if (place === 'query') query.set(name, value);
    else headers[name] = value;
  }
  if (accept) headers.Accept = accept;
  const sent = withStream(body, accept);
  if (sent !== undefined) headers['Content-Type'] = 'application/json';
  if (byId('token').value) headers.Authorization = `Bearer ${byId('token').value}`;
  const search = query.size > 0 ? `?${query}` : '';
  return { url: `${filled}${search}`, method: method.toUpperCase(), headers, body: sent };
}

/** Events as lines are asked for in the body. */
function withStream(body, accept) {
  const text = body?.trim() ?? '';
  if (body === undefined || accept !== 'application/x-ndjson') return text === '' ? undefined : text;
  try {
    return JSON.stringify({ ...JSON.parse(text || '{}'), stream: true }, undefined, 2);
  } catch {
    return body;
  }
}

async function exchange({ url, ...init }, { send, stop, said, output }) {
  const stopping = new AbortController();
  const start = performance.now();
  const say = (text, kind = '') => {
    said.className = kind;
    said.textContent = `${text} · ${Math.round(performance.now() - start)} ms`;
  };
  stop.onclick = () => stopping.abort();
  [send.disabled, stop.disabled, output.hidden, output.textContent] = [true, false, false, ''];
  said.textContent = '…';
  try {
    const response = await fetch(url, { ...init, signal: stopping.signal, redirect: 'error' });
    const kind = response.ok ? 'good' : 'bad';
    const status = `${response.status} ${response.statusText}`.trim();
    say(status, kind);
    await read(response, output);
    say(status, kind);
  } catch (error) {
    say(stopping.signal.aborted ? 'stopped' : String(error), 'bad');
  } finally {
    [send.disabled, stop.disabled] = [false, true];
  }
}

/** Shows an answer while it arrives; JSON is laid out once it is whole. */
async function read(response, output) {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true };
    if (done) break;
    output.append(value);
    output.scrollTop = output.scrollHeight;
  }
  if (!/^application\/json/.test(response.headers.get('content-type') ?? '')) return;
  output.textContent = JSON.stringify(JSON.parse(output.textContent), undefined, 2);
  output.scrollTop = 0;
}

/** The token stays out of what is copied. */
function toCurl({ url, method, headers, body }) {
  const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;
  const shown = Object.entries(headers).map(([name, value]) =>
    name === 'Authorization' ? '-H "Authorization: Bearer $TOKEN"' : `-H ${quoted(`${name}: ${value}`)}`,
  );
  const parts = [`curl -sS${method === 'GET' ? '' : ` -X ${method}`} ${quoted(new URL(url, location).href)}`, ...shown];
  if (body) parts.push(`-d ${quoted(body)}`);
  return parts.join(' \\\n  ');
}

function find({ target }) {
  const words = target.value.toLowerCase().split(/\s+/);
  const found = endpoints.filter(({ path, method, summary }) => {
    const text = `${method} ${path} ${summary}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const ids = new Set(found.map(({ operationId }) => operationId));
  for (const each of document.querySelectorAll('[data-endpoint]')) each.hidden = !ids.has(each.dataset.endpoint);
  for (const each of document.querySelectorAll('section')) {
    each.hidden = each.querySelector('[data-endpoint]:not([hidden])') === null;
  }
}

function openNamed() {
  const named = byId(decodeURIComponent(location.hash.slice(1)));
  if (!(named instanceof HTMLDetailsElement)) return;
  named.open = true;
  named.scrollIntoView();
}

/** Adds the inside of what can be opened when it is opened first. */
function lazily(details, make) {
  details.addEventListener('toggle', () => details.append(element('div', {}, ...make())), { once: true });
  return details;
}

/** What stands between backticks is code. */
function withCode(text) {
  return text.split('`').map((piece, index) => (index % 2 === 1 ? element('code', {}, piece) : piece));
}

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}
