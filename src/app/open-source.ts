// In: how a run may get its answers. Out: servers, earlier runs or a recording, all in one shape.
import type { EffectiveConfig } from '../agents/effective-config.ts';
import type { Answers } from '../engine/engine-ports.ts';
import { ifPossible } from '../errors/if-possible.ts';
import { ProblemError } from '../errors/problem.ts';
import { openAnswers, type KeptAnswers } from '../journal/open-answers.ts';
import { dataDirectory } from '../settings/directories.ts';
import type { MeasuredModel } from '../journal/measured-models.ts';
import type { Fleet } from '../ollama/fleet.ts';
import type { Plan } from '../plan/plan.ts';
import type { Connection } from './connect.ts';
import { connectAll } from './connect-all.ts';
import { toFleetHosts } from './kept-models.ts';
import { loadRecording } from './load-recording.ts';
import { withMeasured } from './measured-fleet.ts';
import { replayAnswers, withoutModels } from './replay-answers.ts';
import { rememberModels, reuseAnswers, withMemoryWarnings } from './reuse-answers.ts';
import type { RunOptions } from './settings.ts';
import { withSimulationWarnings } from './simulation-warnings.ts';
import type { RunContext } from './run-context.ts';

/** Where the answers of a run come from. */
export interface AnswerSource extends Connection {
  /** What is known of the options once it is open. */
  options: Pick<RunOptions, 'replay'>;
  /** The fleet with all that earlier runs have measured of it. */
  withMeasured: (fleet: Fleet) => Promise<Fleet>;
  /** What there is to say about a plan that is made from the survey. */
  mend: (plan: Plan) => Plan;
  /** Answers that take the place of requests. */
  answers: (plan: Plan) => Answers | undefined;
}

interface Wanted {
  /** Of the run. */
  id: string;
  options: RunOptions;
  /** Of all its agents. */
  configs: readonly EffectiveConfig[];
  models: readonly string[];
}

/** @throws ProblemError when the options exclude each other, a recording cannot be read or an address is wrong */
export async function openSource(wanted: Wanted, context: RunContext): Promise<AnswerSource> {
  const { reuse = false, replay } = wanted.options;
  if (replay === undefined) return openServers(wanted, context);
  if (reuse === false) return openReplay(replay, context);
  const message = '--reuse and --replay exclude each other: a replay takes its answers from one run only';
  throw new ProblemError({ code: 'usage-invalid', message, hint: 'leave one of them out' });
}

async function openReplay(ref: string, { host }: RunContext): Promise<AnswerSource> {
  const recording = await loadRecording(ref, host);
  return {
    clients: new Map(),
    survey: () => Promise.resolve({ hosts: toFleetHosts(recording.models) }),
    fleetOf: (_config, fleet) => fleet,
    withMeasured: (fleet) => Promise.resolve(fleet),
    close: () => Promise.resolve(),
    options: { replay: recording.ref },
    mend: (plan) => withoutModels(plan, recording),
    answers: (plan) => replayAnswers(recording, plan),
  };
}

async function openServers(
  { id, options, configs, models }: Wanted,
  { host, known, signal, readMeasured }: RunContext,
): Promise<AnswerSource> {
  const { reuse = false } = options;
  const { env, cwd, clock, files } = host;
  const connection = await connectAll(configs, models, { env, cwd, clock, files, known }, signal);
  const kept = reuse === false ? undefined : await openAnswersIfPossible(dataDirectory(host));
  let isRemembered = false;
  let reading: Promise<readonly MeasuredModel[]> | undefined;
  const measured = (): Promise<readonly MeasuredModel[]> => (reading ??= readMeasured());
  return {
    clients: connection.clients,
    fleetOf: connection.fleetOf,
    survey: async (wanted) => {
      const isChoice = wanted.length > 1 || connection.clients.size > 1;
      const [fleet, past] = await Promise.all([connection.survey(wanted), isChoice ? measured() : []]);
      const known = kept ? rememberModels(fleet, kept) : fleet;
      isRemembered = known !== fleet;
      return withMeasured(known, past);
    },
    withMeasured: async (fleet) => withMeasured(fleet, await measured()),
    close: async () => {
      kept?.close();
      await connection.close();
    },
    options: {},
    mend: (plan) => withSimulationWarnings(isRemembered ? withMemoryWarnings(plan) : plan),
    answers: () => (kept && reuse !== false ? reuseAnswers(kept, reuse, id) : undefined),
  };
}

/** A journal that cannot be opened is no reason not to work; whoever keeps the run tells. */
async function openAnswersIfPossible(directory: string): Promise<KeptAnswers | undefined> {
  return ifPossible(
    () => openAnswers(directory),
    () => undefined,
  );
}
