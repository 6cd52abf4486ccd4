import { ProblemError } from '../errors/problem.ts';
import type { Host } from '../host/host.ts';
import { readStdin } from '../host/read-text.ts';
import { readsStdin } from './expression/expression-tokens.ts';
import { isRecord, normalizeTask } from './schema.ts';
import type { TaskSource } from './spec.ts';
import { placeholdersOf } from './template/template.ts';

/**
 * What `{{stdin}}`, and `stdin` in expressions, stands for. Standard input is read only when a task asks for it: a
 * terminal would wait for ever.
 * @param held what came in through it already
 */
export async function loadPipedText(
  sources: readonly TaskSource[],
  held: 'tasks' | 'workflow' | undefined,
  { io: { stdin } }: Pick<Host, 'io'>,
): Promise<string | undefined> {
  if (!sources.some(usesStdin)) return undefined;
  if (held === undefined) return stdin.isTTY === true ? undefined : readStdin(stdin);
  const message = `standard input holds the ${held}, so {{stdin}} cannot be used in ${held === 'tasks' ? 'them' : 'it'}`;
  const flag = held === 'tasks' ? '--tasks-file FILE' : '--file FILE';
  throw new ProblemError({ code: 'usage-invalid', message, hint: `put the ${held} into a file: ${flag}` });
}

function usesStdin({ task, literal = false, frame }: TaskSource): boolean {
  if ([frame?.if, frame?.foreach].some((text) => typeof text === 'string' && readsStdin(text))) return true;
  if (!isRecord(task)) return false;
  const { input, system } = normalizeTask(task).fields;
  return [literal ? '' : input, system].some(
    (text) => typeof text === 'string' && placeholdersOf(text).includes('stdin'),
  );
}
