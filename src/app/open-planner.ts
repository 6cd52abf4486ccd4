// In: the parts of a run. Out: where its answers come from, and the plan for the servers as they are found. Runs and
// `explain` share it: what is told of a task is what a run would do with it.
import type { Fleet } from '../ollama/fleet.ts';
import { planRun } from '../plan/plan-run.ts';
import type { Plan } from '../plan/plan.ts';
import type { Spec } from '../spec/spec.ts';
import { checkEachModel, expandEachModel } from './each-model.ts';
import { openSource, type AnswerSource } from './open-source.ts';
import type { RunContext } from './run-context.ts';
import type { RunParts } from './run-to-keep.ts';
import { withWorkflowSettings } from './settings.ts';
import { modelsOf, toTeam, type Member, type Team } from './team.ts';

/** A run's way to its plan. Its source must be closed. */
export interface RunPlanner {
  /** What is planned: with `eachModel` every task once per model. */
  spec: Spec;
  /** Every model a task may go to. */
  models: readonly string[];
  source: AnswerSource;
  /** The servers as they are now. */
  survey: () => Promise<Fleet>;
  planFor: (fleet: Fleet) => Plan;
}

/** @throws ProblemError when the options exclude each other, or what they name is not there */
export async function openPlanner(given: RunParts, context: RunContext): Promise<RunPlanner> {
  const { eachModel = false, ...options } = withWorkflowSettings(given.options, given.spec.settings);
  if (eachModel) checkEachModel(given.spec, options);
  const team = toTeam(given, options, context.host.env);
  const members = [team.own, ...team.stepAgents.values()];
  const models = modelsOf(given.spec, members);
  const configs = members.map(({ config }) => config);
  const source = await openSource({ id: given.id, options, configs, models }, context);
  const survey = (): Promise<Fleet> => source.survey(models);
  try {
    const spec = eachModel
      ? expandEachModel(given.spec, team.own, source.fleetOf(team.own.config, await survey()))
      : given.spec;
    return { spec, models, source, survey, planFor: (fleet) => planTeam(spec, team, source, fleet) };
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** Each agent's tasks on the servers it names. */
function planTeam(spec: Spec, team: Team, source: AnswerSource, fleet: Fleet): Plan {
  const onFleet = ({ settings, config }: Member) => ({ settings, fleet: source.fleetOf(config, fleet) });
  const own = onFleet(team.own);
  const stepAgents = new Map([...team.stepAgents].map(([name, member]) => [name, onFleet(member)]));
  return source.mend(planRun(spec, own.settings, own.fleet, stepAgents));
}
