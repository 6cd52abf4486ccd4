/**
 * An answer without what a model thought aloud between `<think>` and `</think>`. Some templates open the thought for the
 * model: then everything up to the closing tag is one. A thought that is never closed has no answer after it.
 */
export function withoutThinking(answer: string): string {
  let kept: string[] = [];
  let isThought = false;
  for (const [index, part] of answer.split(tag).entries()) {
    // Every second part is a tag.
    if (index % 2 === 0) {
      if (!isThought) kept.push(part);
    } else if (part.startsWith('</')) {
      if (!isThought) kept = [];
      isThought = false;
    } else {
      isThought = true;
    }
  }
  return kept.join('');
}

const tag = /(<\/?(?:think|thinking|reasoning)>)/i;
