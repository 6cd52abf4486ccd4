import type { RunEvent } from '../events/event.ts';
import type { Renderer } from './renderer.ts';

/** Several views as one. Each is closed, in order, whatever becomes of the others; the first failure is told then. */
export function fanOut(renderers: readonly Renderer[]): Renderer {
  return {
    onEvent: (event) => renderers.forEach((renderer) => renderer.onEvent(event)),
    onPast: (event) => renderers.forEach((renderer) => passOn(renderer, { event, isPast: true })),
    async close() {
      const failures: unknown[] = [];
      for (const renderer of renderers) {
        try {
          await renderer.close();
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw failures[0];
    },
  };
}

interface Passed {
  event: RunEvent;
  isPast: boolean;
}

function passOn(renderer: Renderer, { event, isPast }: Passed): void {
  if (isPast && renderer.onPast) renderer.onPast(event);
  else renderer.onEvent(event);
}

/**
 * A renderer that is chosen by the first event and may take a moment to load: events that come earlier are kept for it.
 * A run that never began has nothing to close.
 */
export function createDeferredRenderer(load: (first: RunEvent) => Promise<Renderer>): Renderer {
  let kept: Passed[] = [];
  let loading: Promise<Renderer> | undefined;
  let loaded: Renderer | undefined;
  const replay = (renderer: Renderer): Renderer => {
    loaded = renderer;
    for (const passed of kept) passOn(renderer, passed);
    kept = [];
    return renderer;
  };
  const take = (passed: Passed): void => {
    if (loaded) {
      passOn(loaded, passed);
      return;
    }
    kept.push(passed);
    if (loading) return;
    loading = load(passed.event).then(replay);
    // Told by close(), which awaits it; not as an unhandled rejection before.
    loading.catch(() => undefined);
  };
  return {
    onEvent: (event) => take({ event, isPast: false }),
    onPast: (event) => take({ event, isPast: true }),
    async close() {
      try {
        await loading;
      } finally {
        await loaded?.close();
      }
    },
  };
}
