import type { Finding } from './workflow/finding.ts';
import { namePattern } from './schema.ts';

/** Names that placeholders use for other things. */
const reserved = /^(stdin|item)$|^(vars|env|steps|item)\./i;

/** Names are unique without regard to case, and none may mean two things in a placeholder. */
export function checkNames(names: readonly string[], noun: 'task' | 'step'): Finding[] {
  const numbered = new RegExp(`^${noun}(\\d+)$`, 'i');
  const first = new Map<string, number>();
  return names.flatMap((name, index) => {
    const key = name.toLowerCase();
    const twin = first.get(key);
    first.set(key, twin ?? index);
    const message = wrongName(name, index, noun, twin) ?? wrongNumber(name, index, noun, numbered);
    if (message === undefined) return [];
    const code = twin === undefined ? 'task-invalid' : 'name-duplicate';
    return [{ code, message, task: name, at: { path: [index, 'name'], part: 'word' } }];
  });
}

function wrongName(name: string, index: number, noun: string, twin: number | undefined): string | undefined {
  if (twin !== undefined) return `${noun} ${index + 1} is named '${name}' like ${noun} ${twin + 1}; names are unique`;
  if (!namePattern.test(name)) {
    return `${noun} ${index + 1}: '${name.slice(0, 80)}' is not a name; use letters, digits, _ . and -, at most 64`;
  }
  if (reserved.test(name)) return `${noun} ${index + 1}: '${name}' is reserved for placeholders; choose another name`;
  return undefined;
}

function wrongNumber(name: string, index: number, noun: string, numbered: RegExp): string | undefined {
  const number = numbered.exec(name)?.[1];
  if (number === undefined || Number(number) === index + 1) return undefined;
  return `${noun} ${index + 1} is named '${name}', which means ${noun} number ${number} in placeholders; choose another name`;
}
