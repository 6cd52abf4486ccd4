import { z } from 'zod';
import { defineRoute } from '../define-route.ts';
import { readPackageFile } from '../package-file.ts';
import { referencePage } from '../reference-page.ts';

/** `GET /api/orchestration/openapi.json`. */
export const showApiDocument = defineRoute({
  method: 'GET',
  path: '/api/orchestration/openapi.json',
  summary: 'What you are reading: the description of this API, OpenAPI 3.1',
  isOpen: true,
  answers: { 200: { description: 'The description', schema: z.looseObject({ openapi: z.string() }) } },
  handle: async () => {
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    return new Response(await readPackageFile('schema/openapi.json'), { headers });
  },
});

/** `GET /api/orchestration/docs`. */
export const showReference = defineRoute({
  method: 'GET',
  path: '/api/orchestration/docs',
  summary: 'The same as a page to read and to try things on',
  isOpen: true,
  answers: { 200: { description: 'A page that needs nothing from elsewhere', contentType: 'text/html' } },
  handle: async () => {
    const { html, policy } = await referencePage();
    const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy };
    return new Response(html, { headers });
  },
});
