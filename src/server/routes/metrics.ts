import { defineRoute } from '../define-route.ts';

/** `GET /metrics`. */
export const showMetrics = defineRoute({
  method: 'GET',
  path: '/metrics',
  summary: 'Numbers about this server, for Prometheus',
  answers: { 200: { description: 'The numbers', contentType: 'text/plain' } },
  handle: async ({ server: { metrics } }) =>
    new Response(await metrics.read(), { headers: { 'content-type': metrics.contentType } }),
});
