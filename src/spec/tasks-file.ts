import { ProblemError, throwProblems, type Location, type Problem } from '../errors/problem.ts';
import { parseTaskLine } from './flags.ts';
import type { TaskSource } from './spec.ts';

/**
 * The tasks of a file: a line that starts with `{` is a task as JSON, any other line that is not blank is `type:prompt`.
 * @param file its name, for messages
 */
export function parseTasksFile(text: string, file: string): TaskSource[] {
  const problems: Problem[] = [];
  const sources = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .flatMap((line, index): TaskSource[] => {
      if (line.trim() === '') return [];
      const place = `${file} line ${index + 1}`;
      const location = { file, line: index + 1, column: 1 };
      try {
        const isJson = line.trimStart().startsWith('{');
        return [{ task: isJson ? parseJsonLine(line, place, location) : parseTaskLine(line, place), place, location }];
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        problems.push({ location, ...error.problem });
        return [];
      }
    });
  throwProblems(problems);
  return sources;
}

function parseJsonLine(line: string, place: string, location: Location): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    const at = /at position (\d+)/.exec(reason)?.[1];
    throw new ProblemError({
      code: 'task-invalid',
      message: `${place}: not valid JSON: ${reason}`,
      location: { ...location, column: at === undefined ? 1 : Number(at) + 1 },
    });
  }
}
