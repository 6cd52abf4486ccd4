// In: the parts of the reference page. Out: one page that brings all of them along. Effects: reads files of the package.
import { createHash } from 'node:crypto';
import { readPackageFile } from './package-file.ts';

/** A page, and what its browser may do with it. */
export interface ReferencePage {
  html: string;
  /** A content security policy under which nothing runs that is not part of the page, and nothing is asked elsewhere. */
  policy: string;
}

export async function referencePage(): Promise<ReferencePage> {
  const [html, style, script] = await Promise.all(
    ['html', 'css', 'js'].map((kind) => readPackageFile(`web/reference.${kind}`)),
  );
  const page = (html ?? '')
    .replace('<!-- style -->', () => `<style>${style ?? ''}</style>`)
    .replace('<!-- script -->', () => `<script type="module">${script ?? ''}</script>`);
  const rules = [
    "default-src 'none'",
    `style-src ${hashOf(style)}`,
    `script-src ${hashOf(script)}`,
    "connect-src 'self'",
    'img-src data:',
    ...['base-uri', 'form-action', 'frame-ancestors'].map((rule) => `${rule} 'none'`),
  ];
  return { html: page, policy: rules.join('; ') };
}

function hashOf(text = ''): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
