// In: what a step says besides its task. Out: its condition and list, understood, and what is wrong with them. Pure.
import { closest } from '../../errors/suggest.ts';
import type { TaskDefinition } from '../../tasks/define-task.ts';
import { checkExpression, type CheckedExpression } from '../expression/check-expression.ts';
import type { At, Finding } from './finding.ts';
import type { Lists, PlaceholderScope } from '../template/placeholders.ts';
import type { StepFrame, TaskSource, TaskSpec } from '../spec.ts';

export interface CheckedFrame {
  fields: Pick<TaskSpec, 'condition' | 'foreach' | 'continue_on_error' | 'agent' | 'context'>;
  /** Where its expressions name each step first: it needs them. */
  references: Map<string, At>;
  findings: Finding[];
}

/** Longest list. */
export const maxItems = 10_000;

/** What a step says about when, how often and by whom it is done. */
export function checkFrame(
  { frame = {}, place }: TaskSource,
  definition: TaskDefinition | undefined,
  scope: PlaceholderScope,
): CheckedFrame {
  const { continue_on_error, agent, context, max_parallel } = frame;
  const condition = frame.if === undefined ? nothing : checkExpression(frame.if, { key: 'if', place }, scope);
  const list = typeof frame.foreach === 'string' ? checkListText(frame.foreach, place, scope) : nothing;
  const elements = typeof frame.foreach === 'string' ? list.expression : frame.foreach;
  const fields = {
    condition: condition.expression,
    foreach: elements ? { in: elements, max_parallel } : undefined,
    continue_on_error,
    agent,
    context,
  };
  const findings = [...condition.findings, ...list.findings, ...checkLength(frame.foreach, place)];
  if (context !== undefined && definition && !definition.uses.includes('messages')) {
    const message = `${place}: context: a step of type ${definition.type} takes no messages`;
    const hint = "remove it, or write 'type: chat'";
    findings.push({ code: 'task-invalid', message, hint, at: { path: ['context'], part: 'key' } });
  }
  return { fields, references: new Map([...list.references, ...condition.references]), findings };
}

/** The elements of each step that has a list, as far as they are known. */
export function listsOf(sources: readonly TaskSource[], names: readonly string[]): Lists {
  return new Map(
    sources.flatMap(({ frame }, index) => {
      const name = names[index];
      if (name === undefined || frame?.foreach === undefined) return [];
      return [[name, Array.isArray(frame.foreach) ? (frame.foreach as readonly unknown[]) : undefined]];
    }),
  );
}

const nothing: CheckedExpression = { references: new Map(), findings: [] };

/** A text is an expression, unless it can only be meant as the list itself. */
function checkListText(text: string, place: string, scope: PlaceholderScope): CheckedExpression {
  const checked = checkExpression(text, { key: 'foreach', place }, scope);
  const meant = checked.findings.length > 0 ? listMeantBy(text, scope) : undefined;
  if (meant === undefined) return checked;
  const message = `${place}: foreach: must be a list, or an expression that gives one`;
  const finding = {
    code: 'expression-invalid',
    message,
    hint: `did you mean '${meant}'?`,
    at: { path: ['foreach'] },
  } as const;
  return { ...checked, findings: [finding] };
}

/** `[a, b]` for `a, b`; undefined for what looks like an expression, or like a slip in one. */
function listMeantBy(text: string, { names, vars }: PlaceholderScope): string | undefined {
  const words = text.trim();
  if (names.includes(words)) return `fromJSON(steps.${words}.output)`;
  if (Object.hasOwn(vars, words)) return `fromJSON(vars.${words})`;
  if (words.startsWith('[') && words.endsWith(']')) return words;
  const isPlain = /^[\p{L}\p{N}][^()[\]{}'"=!<>&|$\n]*$/u.test(words);
  if (!isPlain || /^(steps|vars|env|needs|inputs|matrix)\b/i.test(words)) return undefined;
  const elements = words.split(',').map((element) => element.trim());
  const isSlip = elements.length === 1 && closest(words, [...names, ...Object.keys(vars)]) !== undefined;
  return isSlip
    ? undefined
    : `[${elements
        .filter((element) => element !== '')
        .map(toPlain)
        .join(', ')}]`;
}

/** A text as YAML reads it, with quotes where it needs them. */
function toPlain(text: string): string {
  return /^[\p{L}\p{N}][\p{L}\p{N} ._/-]*$/u.test(text) ? text : JSON.stringify(text);
}

function checkLength(list: StepFrame['foreach'], place: string): Finding[] {
  if (!Array.isArray(list) || list.length <= maxItems) return [];
  const message = `${place}: foreach: the list has ${list.length} elements; at most ${maxItems} are taken`;
  return [{ code: 'input-too-large', message, hint: 'split it over several steps', at: { path: ['foreach'] } }];
}
