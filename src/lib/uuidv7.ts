/**
 * A UUIDv7 (RFC 9562): 48 bits of time in front, so that ids sort by age.
 * @param nowMs milliseconds since the epoch
 * @param random a UUIDv4, whose random bits it takes: Node makes those from a supply, at a tenth of the time of a draw
 */
export function uuidv7(nowMs: number, random: string): string {
  const time = Math.floor(nowMs).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(15)}`;
}
