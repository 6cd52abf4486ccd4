import type { Dialog } from '../host/dialog.ts';
import type { Host } from '../host/host.ts';
import { neutralizeLine } from '../lib/neutralize.ts';
import type { WorkflowVar } from '../spec/workflow/workflow-vars.ts';

/** Has a value given for each variable. Those a person gives none for stay missing, which the run then says. */
export async function askVars(
  dialog: Dialog,
  vars: readonly WorkflowVar[],
  { io }: Pick<Host, 'io'>,
): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const { name, description } of vars) {
    if (description !== undefined) io.stderr.write(`${neutralizeLine(description)}\n`);
    const value = await askUntilGiven(dialog, `${name}: `);
    if (value === undefined) break;
    values[name] = value;
  }
  return values;
}

/** Nothing is no value: `--var NAME=` gives an empty one on purpose. */
async function askUntilGiven(dialog: Dialog, question: string): Promise<string | undefined> {
  let value: string | undefined = '';
  while (value === '') value = await dialog.ask(question);
  return value;
}
