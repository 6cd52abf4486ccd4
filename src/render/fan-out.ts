import type { RunEvent } from '../events/event.ts';
import type { Renderer } from './renderer.ts';

/** Several views as one. Each is closed, in order, whatever becomes of the others; the first failure is told then. */
export function fanOut(renderers: readonly Renderer[]): Renderer {
  return {
    onEvent: (event) => renderers.forEach((renderer) => renderer.onEvent(event)),
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

/**
 * A renderer that is chosen by the first event and may take a moment to load: events that come earlier are kept for it.
 * A run that never began has nothing to close.
 */
export function createDeferredRenderer(load: (first: RunEvent) => Promise<Renderer>): Renderer {
  let kept: RunEvent[] = [];
  let loading: Promise<Renderer> | undefined;
  let loaded: Renderer | undefined;
  const replay = (renderer: Renderer): Renderer => {
    loaded = renderer;
    for (const event of kept) renderer.onEvent(event);
    kept = [];
    return renderer;
  };
  return {
    onEvent(event) {
      if (loaded) {
        loaded.onEvent(event);
        return;
      }
      kept.push(event);
      if (loading) return;
      loading = load(event).then(replay);
      // Told by close(), which awaits it; not as an unhandled rejection before.
      loading.catch(() => undefined);
    },
    async close() {
      try {
        await loading;
      } finally {
        await loaded?.close();
      }
    },
  };
}
