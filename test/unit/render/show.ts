import type { RunEvent } from '../../../src/events/event.ts';
import type { Clock } from '../../../src/host/host.ts';
import { createRenderer, type RenderOptions } from '../../../src/render/index.ts';
import { testHost, type TestHost, type TestHostOptions } from '../../rig/test-host.ts';

export interface Shown {
  stdout: string;
  stderr: string;
}

/** What a user sees of a whole run. */
export async function show(
  events: readonly RunEvent[],
  options: Partial<RenderOptions> = {},
  on: TestHostOptions = {},
  beforeClose: (host: TestHost) => void = () => undefined,
  past: readonly RunEvent[] = [],
): Promise<Shown> {
  const host = testHost({ clock: stillClock, ...on });
  const renderer = createRenderer({ quiet: false, verbose: false, ...options }, host);
  for (const event of past) renderer.onPast?.(event);
  for (const event of events) renderer.onEvent(event);
  beforeClose(host);
  await renderer.close();
  return { stdout: host.stdout, stderr: host.stderr };
}

/** A clock that never calls back: nothing here waits for time. */
const stillClock: Clock = { now: () => 0, after: () => () => undefined };
