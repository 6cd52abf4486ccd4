import type { Problem } from '../errors/problem.ts';
import type { TaskDefinition } from '../tasks/define-task.ts';
import type { TaskFields } from './schema.ts';

/** Longest prompt we take, in UTF-16 units; as long as the longest body our REST door takes. */
export const maxPromptLength = 10 * 1024 * 1024;

/** What is wrong with the texts of a task: nothing to send, not text, or too long. */
export function checkPrompt(
  { input = '', system = '', messages }: TaskFields,
  { uses }: TaskDefinition,
  place: string,
): Problem[] {
  const problems: Problem[] = [];
  if (input.trim() === '' && !(messages && uses.includes('messages'))) {
    problems.push({ code: 'prompt-empty', message: `${place}: the prompt is empty` });
  }
  for (const text of [input, system, ...(messages ?? []).map(({ content }) => content)]) {
    problems.push(...checkText(text, place));
  }
  return problems;
}

export function checkText(text: string, place: string): Problem[] {
  if (text.length > maxPromptLength) {
    const message = `${place}: the prompt has ${text.length} characters; at most ${maxPromptLength} are taken`;
    return [{ code: 'input-too-large', message, hint: 'split it over several tasks' }];
  }
  if (text.includes('\0')) return [{ code: 'prompt-not-text', message: `${place}: the prompt holds a NUL byte` }];
  if (text.isWellFormed()) return [];
  return [{ code: 'prompt-not-text', message: `${place}: the prompt holds half a surrogate pair` }];
}

/** Servers ignore a bad image or fail late; base64 is checked here. */
export function checkImages(images: readonly string[], place: string): Problem[] {
  return images.flatMap((image, index) => {
    const data = withoutDataUrl(image);
    if (data.length > 0 && data.length % 4 === 0 && /^[A-Za-z0-9+/]+={0,2}$/.test(data)) return [];
    const shown = JSON.stringify(image.slice(0, 40));
    return [
      {
        code: 'task-invalid',
        message: `${place}: images.${index} ${shown} is not base64`,
        hint: 'on the command line write @picture.png',
      },
    ];
  });
}

export function withoutDataUrl(image: string): string {
  return image.replace(/^data:[^,]*;base64,/, '');
}
