/** A word that people write from the habit of another program. */
export interface ForeignKey {
  /** The key that says the same here, and takes the same value. */
  means?: string | undefined;
  /** What to write instead, for a value such as theirs. */
  hint?: ((value: unknown) => string) | undefined;
}

/** By their key, spelled with `_`. */
export type ForeignKeys = Readonly<Partial<Record<string, ForeignKey>>>;

const askModel: ForeignKey = {
  hint: () => "a step asks a model: 'type: generate' and 'prompt: …'; what a command prints comes in as {{stdin}}",
};
const makeList: ForeignKey = { hint: () => "write 'foreach: [a, b]', and {{item}} in the prompt" };
const nothing: ForeignKey = { hint: () => 'remove it: no machines are chosen here' };

/** Of a whole workflow. */
export const foreignWorkflowKeys: ForeignKeys = {
  jobs: {
    hint: () =>
      "there are no jobs: put their steps into one list, 'steps:', and say 'needs' where one waits for another",
  },
  on: { hint: () => 'remove it: a workflow runs when run-workflow is called' },
  inputs: { means: 'vars' },
  variables: { means: 'vars' },
  params: { means: 'vars' },
  tasks: { means: 'steps' },
  timeout_minutes: { hint: toTimeout },
  concurrency: { means: 'max_parallel' },
  runs_on: nothing,
  permissions: nothing,
};

/** Of a step. */
export const foreignStepKeys: ForeignKeys = {
  id: { means: 'name' },
  depends_on: { means: 'needs' },
  dependsOn: { means: 'needs' },
  when: { means: 'if' },
  condition: { means: 'if' },
  loop: { means: 'foreach' },
  with_items: { means: 'foreach' },
  strategy: makeList,
  matrix: makeList,
  run: askModel,
  uses: askModel,
  with: { hint: () => "values go into the prompt: '{{vars.x}}', '{{plan}}'" },
  env: { hint: () => "name them in 'env' above 'steps', and write {{env.X}}" },
  timeout_minutes: { hint: toTimeout },
  runs_on: nothing,
  shell: nothing,
};

/** What to write in place of a foreign key. */
export function foreignHint({ means, hint }: ForeignKey, isFree: boolean, value: unknown): string {
  if (hint) return hint(value);
  return isFree ? `did you mean '${means ?? ''}'?` : `'${means ?? ''}' says the same: remove one of the two`;
}

function toTimeout(minutes: unknown): string {
  return `write 'timeout: ${typeof minutes === 'number' ? minutes : 5}m'`;
}
