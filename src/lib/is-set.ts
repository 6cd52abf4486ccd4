/** Whether an environment variable says yes: `CI=false` and `CI=0` do not. */
export function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}
