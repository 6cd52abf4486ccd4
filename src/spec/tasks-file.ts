import { ProblemError, throwProblems, type Problem } from '../errors/problem.ts';
import type { TaskSource } from './spec.ts';
import { parseTaskLine } from './flags.ts';

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
      try {
        const task = line.trimStart().startsWith('{') ? parseJsonLine(line, place) : parseTaskLine(line, place);
        return [{ task, place }];
      } catch (error) {
        if (!(error instanceof ProblemError)) throw error;
        problems.push({ ...error.problem, location: { file, line: index + 1, column: 1 } });
        return [];
      }
    });
  throwProblems(problems);
  return sources;
}

function parseJsonLine(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProblemError({ code: 'task-invalid', message: `${place}: not valid JSON: ${reason}` });
  }
}
