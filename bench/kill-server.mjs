import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

/**
 * An Ollama server whose answers depend on the prompt alone, and that logs what becomes of every prompt. `BUSY` in a prompt
 * is refused when it comes for the first time, `REFUSE` always, and `LIST` is answered with a JSON list.
 */
export async function startServer({ delayMs }) {
  let log = [];
  let busy = new Set();
  const answers = {
    '/api/tags': () => ({
      models: [{ name: 'm:latest', model: 'm:latest', digest: 'd'.repeat(64), size: 1, details: {} }],
    }),
    '/api/ps': () => ({
      models: [{ name: 'm:latest', model: 'm:latest', digest: 'd'.repeat(64), size: 1, details: {} }],
    }),
    '/api/show': () => ({ capabilities: ['completion'], model_info: {} }),
    '/api/version': () => ({ version: '0.24.0' }),
  };
  const server = createServer(async (request, response) => {
    const body = await textOf(request);
    const answer = answers[request.url];
    if (answer) return response.end(JSON.stringify(answer()));
    const { prompt } = JSON.parse(body);
    const entry = { prompt, outcome: 'open' };
    log.push(entry);
    response.on('close', () => (entry.outcome = entry.outcome === 'open' ? 'broken' : entry.outcome));
    const fail = (status, error, outcome) => {
      entry.outcome = outcome;
      response.writeHead(status).end(JSON.stringify({ error }));
    };
    if (prompt.includes('REFUSE')) return fail(400, 'no', 'refused');
    if (prompt.includes('BUSY') && !busy.has(prompt)) {
      busy.add(prompt);
      return fail(503, 'server busy, please try again.  maximum pending requests exceeded', 'busy');
    }
    const hash = createHash('sha256').update(prompt).digest('hex');
    await new Promise((resolve) => setTimeout(resolve, delayMs * (0.5 + parseInt(hash.slice(0, 2), 16) / 256)));
    if (response.destroyed) return;
    const text = prompt.includes('LIST') ? '["left","right","middle"]' : `answer ${hash.slice(0, 8)}`;
    const line = { model: 'm', created_at: '2026-01-01T00:00:00Z', done: false, response: text };
    response.write(`${JSON.stringify(line)}\n`);
    const figures = { prompt_eval_count: 5, eval_count: 7, total_duration: 1e6, eval_duration: 1e6 };
    response.end(`${JSON.stringify({ ...line, ...figures, response: '', done: true, done_reason: 'stop' })}\n`, () => {
      entry.outcome = 'answered';
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    log: () => log,
    /** Prompts without an answer. */
    open: () => log.filter(({ outcome }) => outcome === 'open').length,
    forget: () => ([log, busy] = [[], new Set()]),
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

async function textOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}
