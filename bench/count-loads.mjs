// Loads of a server that has no counter, read from what it answers. It stands between the server and whoever asks, so that
// all are counted alike: of each request, when it came, and which part of its time went before it had its model.
import { createServer, request as sendOn } from 'node:http';
import { once } from 'node:events';

/**
 * A request to a loaded model has it within a tenth of a second, on a slow machine; a load takes more. (A burst to a model
 * that is there takes longer, too, but a bench begins with an empty memory.)
 */
const handlingMs = 250;

/** So exactly is known when a request had its model. */
const blurMs = 100;

/** @returns {Promise<{url: string, loads: () => number, refused: () => number, stop: () => void}>} */
export async function startCounting(host) {
  const target = new URL(host);
  const answers = [];
  const server = createServer((incoming, response) => {
    const sentAt = performance.now();
    const { method, url, headers } = incoming;
    const outgoing = sendOn(new URL(url, target), { method, headers: { ...headers, host: target.host } }, (answer) => {
      const texts = [];
      answer.setEncoding('utf8').on('data', (text) => texts.push(text));
      answer.on('end', () => {
        answers.push({ sentAt, endedAt: performance.now(), status: answer.statusCode, ...durationsOf(texts.join('')) });
      });
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    loads: () => countLoads(answers),
    refused: () => answers.filter(({ status }) => status === 503).length,
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/**
 * A server loads one model after another: as many loads as there are moments at which a request had its model that had
 * waited for it. Those that waited for the same load, or behind it, have theirs at the same moment.
 */
export function countLoads(answers) {
  const moments = answers
    .filter(({ load_duration: load }) => load !== undefined)
    .map(({ sentAt, endedAt, load_duration: load, total_duration: total }) => {
      const waitedMs = (endedAt - sentAt) * Math.min(1, load / total);
      return { at: sentAt + waitedMs, waitedMs };
    })
    .filter(({ waitedMs }) => waitedMs > handlingMs)
    .map(({ at }) => at)
    .sort((a, b) => a - b);
  return moments.filter((at, index) => index === 0 || at - moments[index - 1] > blurMs).length;
}

/** They are in the last line of an answer. */
function durationsOf(text) {
  const line = text.trimEnd().split('\n').at(-1) ?? '';
  if (!line.includes('"load_duration"')) return {};
  const { load_duration, total_duration } = JSON.parse(line);
  return { load_duration, total_duration };
}
