import type { Orchestrator } from '../app/create-orchestrator.ts';
import type { Host } from '../host/host.ts';
import type { LiveRuns } from './live-runs.ts';
import type { ServerMetrics } from './metrics.ts';
import type { ServerSettings } from './server-settings.ts';

/** What the routes and guards of a server work with. */
export interface ServerContext {
  host: Host;
  orchestrator: Orchestrator;
  settings: ServerSettings;
  /** The runs that go on in this process. */
  runs: LiveRuns;
  metrics: ServerMetrics;
}
