/**
 * An answer that is taken for what it says it is, shown in no frame, kept by no cache, and in which nothing runs. What an
 * answer says itself stays.
 */
export function secured(response: Response): Response {
  const { headers } = response;
  for (const [name, value] of security) if (!headers.has(name)) headers.set(name, value);
  return response;
}

/** What every answer says of itself. */
export const securityHeaders: Readonly<Record<string, string>> = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

const security = Object.entries(securityHeaders);
