/** A prompt in pieces: text that stays as it is, and outputs of other tasks that are not known yet. */
export type Template = readonly Segment[];

export type Segment = { text: string } | { output: string };

/** What a `{{placeholder}}` stands for. */
export type Resolution<P> = Segment | { problem: P } | { verbatim: P };

export interface ParsedTemplate<P> {
  template: Template;
  problems: P[];
  /** Placeholders that are sent as typed. */
  notices: P[];
}

/** `\{{`, or a pair of braces with no brace and no line break inside. */
const placeholder = /\\\{\{|\{\{[ \t]*([^{}\n]*?)[ \t]*\}\}/g;

/**
 * Splits a prompt at its placeholders. One pass: what a placeholder resolves to is never looked at again, so text from
 * a model or a file cannot bring in placeholders of its own.
 * @param resolve what the text between the braces stands for
 */
export function parseTemplate<P>(source: string, resolve: (expression: string) => Resolution<P>): ParsedTemplate<P> {
  const template: Segment[] = [];
  const problems: P[] = [];
  const notices: P[] = [];
  let end = 0;
  for (const match of source.matchAll(placeholder)) {
    pushText(template, source.slice(end, match.index));
    end = match.index + match[0].length;
    if (match[1] === undefined) {
      pushText(template, '{{');
      continue;
    }
    const resolution = resolve(match[1]);
    if ('text' in resolution) pushText(template, resolution.text);
    else if ('output' in resolution) template.push(resolution);
    else pushText(template, match[0]);
    if ('problem' in resolution) problems.push(resolution.problem);
    if ('verbatim' in resolution) notices.push(resolution.verbatim);
  }
  pushText(template, source.slice(end));
  return { template, problems, notices };
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

function pushText(template: Segment[], text: string): void {
  if (text === '') return;
  const last = template.at(-1);
  if (last && 'text' in last) last.text += text;
  else template.push({ text });
}
