import type { Problem } from '../../errors/problem.ts';
import type { TaskDefinition } from '../../tasks/define-task.ts';
import type { At, Finding } from '../workflow/finding.ts';
import type { PlaceholderValues } from './placeholders.ts';
import type { TaskFields } from '../schema.ts';
import type { Template } from './template.ts';

/** Longest prompt we take, in UTF-16 units; as long as the longest body our REST door takes. */
export const maxPromptLength = 10 * 1024 * 1024;

/** What is wrong with the words of a task, as typed and as filled in: nothing to send, not text, or too long. */
export function checkWords(
  fields: TaskFields,
  { prompt, system = [] }: { prompt: Template; system?: Template | undefined },
  { uses }: TaskDefinition,
  place: string,
): Finding[] {
  const problems: Finding[] = [];
  const at = { path: ['input'] };
  const messages = uses.includes('messages') ? (fields.messages ?? []) : [];
  if (isBlank(prompt) && messages.length === 0) {
    problems.push({ code: 'prompt-empty', message: `${place}: the prompt is empty`, at });
  }
  if (fields.system !== undefined && messages[0]?.role === 'system') {
    const message = `${place}: the system prompt is given twice, as 'system' and as the first message`;
    problems.push({ code: 'task-invalid', message, at: { path: ['system'], part: 'key' } });
  }
  const typed: [string, At][] = [
    [fields.input ?? '', at],
    [fields.system ?? '', { path: ['system'] }],
    ...messages.map(({ content }, index): [string, At] => [content, { path: ['messages', index, 'content'] }]),
  ];
  const findings = typed.flatMap(([text, where]) => locate(checkText(text, `${place}: the prompt`), where));
  problems.push(...findings, ...locate(checkLength(lengthOf(prompt), `${place}: the prompt`), at));
  problems.push(...locate(checkLength(lengthOf(system), `${place}: the prompt`), { path: ['system'] }));
  return problems;
}

function locate(problems: readonly Problem[], at: At): Finding[] {
  return problems.map((problem) => ({ ...problem, at }));
}

/** What is wrong with the values placeholders take. Looked at once, not again in each prompt that holds them. */
export function checkValues({ stdin = '', vars }: PlaceholderValues): Problem[] {
  const values = Object.entries(vars).map(([name, value]) => checkText(value, `{{vars.${name}}}`));
  return [...checkText(stdin, 'standard input'), ...values.flat()];
}

/** Servers ignore a bad image or fail late; base64 is checked here. */
export function checkImages({ images = [], messages = [] }: TaskFields, place: string): Finding[] {
  const inMessages = messages.flatMap(({ images: own = [] }, index) => checkList(own, ['messages', index, 'images']));
  return [...checkList(images, ['images']), ...inMessages].map(({ path, image }) => ({
    code: 'task-invalid',
    message: `${place}: ${path.join('.')} ${JSON.stringify(image.slice(0, 40))} is not base64`,
    hint: 'in a file write "@picture.png" for the bytes of a picture',
    at: { path },
  }));
}

export function withoutDataUrl(image: string): string {
  return image.replace(/^data:[^,]*;base64,/, '');
}

function checkList(
  images: readonly string[],
  path: readonly (string | number)[],
): { path: readonly (string | number)[]; image: string }[] {
  return images.flatMap((image, index) => {
    const data = withoutDataUrl(image);
    const isBase64 = data.length > 0 && data.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(data);
    return isBase64 ? [] : [{ path: [...path, index], image }];
  });
}

function checkText(text: string, subject: string): Problem[] {
  if (text.includes('\0')) return [{ code: 'prompt-not-text', message: `${subject} holds a NUL byte` }];
  if (text.isWellFormed()) return [];
  return [{ code: 'prompt-not-text', message: `${subject} holds half a surrogate pair` }];
}

function checkLength(length: number, subject: string): Problem[] {
  if (length <= maxPromptLength) return [];
  const message = `${subject} has ${length} characters; at most ${maxPromptLength} are taken`;
  return [{ code: 'input-too-large', message, hint: 'split it over several tasks' }];
}

/** Outputs of other tasks are not known yet; the engine looks again when they are. */
function isBlank(template: Template): boolean {
  return template.every((segment) => 'text' in segment && segment.text.trim() === '');
}

function lengthOf(template: Template): number {
  return template.reduce((sum, segment) => sum + ('text' in segment ? segment.text.length : 0), 0);
}
