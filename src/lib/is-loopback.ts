/** Whether a name or address, as URLs have it, is reached from this machine alone. */
export function isLoopback(name: string): boolean {
  return /^(?:localhost|.+\.localhost|127(?:\.\d{1,3}){3}|\[?::1\]?)$/i.test(name);
}
