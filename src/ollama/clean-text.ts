/**
 * What another program said, fit to stand in a message of ours: no control characters, no secrets, one line, not long.
 * @param secrets texts that must not be shown
 */
export function cleanText(text: string, secrets: readonly string[] = [], maxLength = 400): string {
  let clean = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  for (const secret of secrets) clean = clean.replaceAll(secret, '***');
  if (clean.length <= maxLength) return clean;
  return `${clean.slice(0, maxLength - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** What in the headers of a host must not be shown: their values, tokens inside `Bearer …`, and what `Basic …` encodes. */
export function secretsOf(headers: Readonly<Record<string, string>>): string[] {
  return Object.values(headers)
    .flatMap((value) => [value, ...value.split(' ').slice(1), ...credentialsOf(value)])
    .filter((value) => value.length >= 4)
    .sort((a, b) => b.length - a.length);
}

function credentialsOf(value: string): string[] {
  const encoded = /^Basic (.+)$/i.exec(value)?.[1];
  if (encoded === undefined) return [];
  const credentials = Buffer.from(encoded, 'base64').toString();
  return [credentials, credentials.slice(credentials.indexOf(':') + 1)];
}
