/** A prompt in pieces: text that stays as it is, and outputs of other tasks that are not known yet. */
export type Template = readonly Segment[];

export type Segment = { text: string } | { output: string };

/** What a `{{placeholder}}` stands for; `verbatim`: for itself, as typed. */
export type Resolution<P> = Segment | { problem: P } | { verbatim: true };

export interface ParsedTemplate<P> {
  template: Template;
  problems: P[];
  /** The placeholders that are sent as typed, without their braces. */
  verbatim: string[];
}

/**
 * `\{{`, or a pair of braces with no brace and no line break inside. The blanks inside are trimmed afterwards: a
 * pattern that tells them apart takes cubic time on a long run of them.
 */
const placeholder = /\\\{\{|\{\{([^{}\n]*)\}\}/g;

/**
 * Splits a prompt at its placeholders. One pass: what a placeholder resolves to is never looked at again, so text from
 * a model or a file cannot bring in placeholders of its own.
 * @param resolve what the text between the braces stands for; `start` is where the braces open
 */
export function parseTemplate<P>(
  source: string,
  resolve: (expression: string, start: number) => Resolution<P>,
): ParsedTemplate<P> {
  const parsed = { template: [] as Segment[], problems: [] as P[], verbatim: [] as string[] };
  let typed = '';
  let end = 0;
  // Text that was filled in stays a segment of its own: many prompts then share one copy of a long input.
  const push = (segment: Segment): void => {
    if (typed !== '') parsed.template.push({ text: typed });
    typed = '';
    if (!('text' in segment && segment.text === '')) parsed.template.push(segment);
  };
  for (const match of source.matchAll(placeholder)) {
    typed += source.slice(end, match.index);
    end = match.index + match[0].length;
    const expression = match[1]?.trim();
    const resolution = expression === undefined ? undefined : resolve(expression, match.index);
    if (expression === undefined || !resolution) typed += '{{';
    else if ('text' in resolution || 'output' in resolution) push(resolution);
    else {
      typed += match[0];
      if ('problem' in resolution) parsed.problems.push(resolution.problem);
      else parsed.verbatim.push(expression);
    }
  }
  typed += source.slice(end);
  push({ text: '' });
  return parsed;
}

/** What stands between the braces of each placeholder, in their order. */
export function placeholdersOf(source: string): string[] {
  return parseTemplate<never>(source, () => ({ verbatim: true })).verbatim;
}

/** The tasks whose outputs a template waits for, each once. */
export function templateNeeds(template: Template): string[] {
  return [...new Set(template.flatMap((segment) => ('output' in segment ? [segment.output] : [])))];
}

/** The text of a template once the outputs it needs are there. */
export function fillTemplate(template: Template, outputOf: (task: string) => string): string {
  return template.map((segment) => ('text' in segment ? segment.text : outputOf(segment.output))).join('');
}

/** A template as the user typed it, near enough to show and to classify: outputs appear as `{{name}}`. */
export function showTemplate(template: Template): string {
  return fillTemplate(template, (task) => `{{${task}}}`);
}

/** The words the user wrote, without anything pasted in from other tasks. */
export function ownText(template: Template): string {
  return fillTemplate(template, () => ' ');
}
