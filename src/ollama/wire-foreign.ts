import { isIP } from 'node:net';

/**
 * Whether a server on loopback refuses a request for where it comes from: it answers no page of another site, and to no
 * name that is not its own.
 */
export function isForeign({ host = '', origin }: { host?: string | undefined; origin?: string | undefined }): boolean {
  return !isOwnName(host.replace(/:\d+$/, '').toLowerCase()) || !isOwnOrigin(origin);
}

function isOwnName(name: string): boolean {
  if (name === '' || name === 'localhost') return true;
  const address = name.replace(/^\[(.*)\]$/, '$1');
  if (isIP(address) !== 0) return privateAddress.test(address);
  return /\.(?:localhost|local|internal)$/.test(name);
}

const privateAddress =
  /^(?:127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|0\.0\.0\.0$|::1?$|f[cd]|fe[89ab])/;

function isOwnOrigin(origin: string | undefined): boolean {
  if (origin === undefined) return true;
  return /^(?:https?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0)(?::\d+)?|(?:app|file|tauri|vscode-webview|vscode-file):.*)$/.test(
    origin,
  );
}
