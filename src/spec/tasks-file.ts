import { maxProblems, ProblemError, throwProblems, type Problem } from '../errors/problem.ts';
import { parseTaskLine } from './flags.ts';
import type { TaskSource } from './spec.ts';

/**
 * The tasks of a file: a line that starts with `{` is a task as JSON, any other line that is not blank is `type:prompt`.
 * @param file its name, for messages
 */
export function parseTasksFile(text: string, file: string): TaskSource[] {
  const problems: Problem[] = [];
  const sources: TaskSource[] = [];
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '') continue;
    const place = `${file} line ${index + 1}`;
    const location = { file, line: index + 1, column: 1 };
    try {
      sources.push({ task: parseLine(line, place), place, location });
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      problems.push({ ...error.problem, location });
      if (problems.length > maxProblems) break;
    }
  }
  throwProblems(problems);
  return sources;
}

function parseLine(line: string, place: string): unknown {
  if (!line.trimStart().startsWith('{')) return parseTaskLine(line, place);
  try {
    return JSON.parse(line);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const message = `${place}: ${reason.charAt(0).toLowerCase()}${reason.slice(1)}`;
    throw new ProblemError({ code: 'task-invalid', message, hint: 'a line that starts with { is a task as JSON' });
  }
}
