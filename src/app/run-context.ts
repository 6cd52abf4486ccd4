import type { AgentStore } from '../agents/agent-store.ts';
import type { EnginePorts } from '../engine/engine-ports.ts';
import type { Host } from '../host/host.ts';
import type { RunToKeep } from '../journal/kept-run.ts';
import type { MeasuredModel } from '../journal/measured-models.ts';
import type { Recorder } from '../journal/open-recorder.ts';
import type { ShownModels } from '../ollama/shown-models.ts';
import type { SchemaLoader } from '../spec/schema-loader.ts';
import type { TaskDefinition } from '../tasks/define-task.ts';
import type { OnPull } from './pull-missing.ts';

/** What a run is started with besides its request. */
export interface RunContext {
  host: Host;
  agents: Pick<AgentStore, 'get'>;
  taskTypes: readonly TaskDefinition[];
  loadSchemas: SchemaLoader;
  /** What servers said of their models in earlier runs. */
  known: ShownModels;
  /** Aborted to stop the run. */
  signal: AbortSignal;
  onPull?: OnPull | undefined;
  /** As in {@link EnginePorts.turns}. */
  turns: EnginePorts['turns'];
  /** As in {@link EnginePorts.meter}. */
  meter: EnginePorts['meter'];
  /** As in {@link EnginePorts.enter}. */
  enter?: EnginePorts['enter'];
  /** How models did in earlier runs. */
  readMeasured: () => Promise<readonly MeasuredModel[]>;
  /** Opens the journal for the run; undefined when it is not to be kept, or cannot be. */
  openRecorder: (run: RunToKeep) => Promise<Recorder | undefined>;
}
