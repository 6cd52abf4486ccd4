import { showPath } from './value-path.ts';

/** A prompt in pieces: text that stays as it is, and outputs of other tasks that are not known yet. */
export type Template = readonly Segment[];

export type Segment = TextSegment | ValueSegment;

export interface TextSegment {
  text: string;
  /** It stood in a file, stdin or a variable, and a placeholder brought it in. */
  isFilled?: boolean | undefined;
}

/** A piece that is known only when the task is about to run. */
export type ValueSegment = OutputSegment | ItemSegment;

/** The output of another task, or a value inside it. */
export interface OutputSegment {
  output: string;
  /** Of a `foreach` step: this item alone, counted from 0. */
  index?: number | undefined;
  /** Where in the output, which must then be JSON. */
  path?: ValuePath | undefined;
}

/** The element a task of a `foreach` step is for, or a value inside it. */
export interface ItemSegment {
  item: ValuePath;
}

/** Keys and positions that lead to a value inside another one; empty: all of it. */
export type ValuePath = readonly (string | number)[];

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
    else if ('text' in resolution) push({ text: resolution.text, isFilled: true });
    else if ('output' in resolution || 'item' in resolution) push(resolution);
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

/** The text of a template once the values it takes are there. */
export function fillTemplate(template: Template, valueOf: (segment: ValueSegment) => string): string {
  return template.map((segment) => ('text' in segment ? segment.text : valueOf(segment))).join('');
}

/** A template as the user typed it, near enough to show and to classify: outputs appear as `{{name}}`. */
export function showTemplate(template: Template): string {
  return fillTemplate(template, (segment) => `{{${showSegment(segment)}}}`);
}

/** A placeholder in its shortest spelling: `plan`, `plan.output.title`, `review[2]`, `item.name`. */
export function showSegment(segment: ValueSegment): string {
  if ('item' in segment) return `item${showPath(segment.item)}`;
  const name = segment.index === undefined ? segment.output : `${segment.output}[${segment.index}]`;
  return segment.path && segment.path.length > 0 ? `${name}.output${showPath(segment.path)}` : name;
}

/** The words the user wrote; what placeholders brought in only where there is nothing else. */
export function ownText(template: Template): string {
  const blankWhere = (isBlank: (segment: Segment) => boolean): string =>
    template
      .map((segment) => (isBlank(segment) || !('text' in segment) ? ' ' : segment.text.replace(placeholder, ' ')))
      .join('');
  const typed = blankWhere((segment) => 'text' in segment && segment.isFilled === true);
  return /[\p{L}\p{N}]/u.test(typed) ? typed : blankWhere(() => false);
}
