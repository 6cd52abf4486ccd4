import { ProblemError } from '../errors/problem.ts';
import { suggest } from '../errors/suggest.ts';
import { showSegment, type OutputSegment, type ValuePath, type ValueSegment } from '../spec/template/template.ts';
import { lookUp } from '../spec/template/value-path.ts';
import type { Output } from './output.ts';
import type { TaskNode } from './task-node.ts';

/** Outputs of finished tasks, kept while a dependent still needs them: a long run must not hold all of its texts. */
export class Outputs {
  readonly #kept = new Map<string, Output & { readers: number }>();

  keep(node: TaskNode, output: Output): void {
    const readers = node.dependents.filter(({ state }) => state !== 'finished').length;
    if (readers > 0) this.#kept.set(node.name, { ...output, readers });
  }

  of(name: string): Output | undefined {
    return this.#kept.get(name);
  }

  textOf(name: string): string {
    return this.#kept.get(name)?.text ?? '';
  }

  /**
   * What a placeholder of a task stands for.
   * @throws ProblemError `value-missing` when the output, or the element it is for, holds nothing at that place
   */
  valueOf(segment: ValueSegment, node: TaskNode): string {
    if ('output' in segment) return this.#valueInOutput(segment);
    const place = `element ${showValue(node.item).slice(0, 80)} of 'foreach'`;
    return showValue(valueAt(node.item, segment.item, { segment, place }));
  }

  /** A task has ended: it will not read what it needs again. */
  release(node: TaskNode): void {
    for (const need of node.plan.needs) {
      const kept = this.#kept.get(need);
      if (kept && --kept.readers === 0) this.#kept.delete(need);
    }
  }

  #valueInOutput(segment: OutputSegment): string {
    const { output: name, index, path = [] } = segment;
    const kept = this.#kept.get(name);
    const output = index === undefined ? kept : kept?.items?.[index];
    if (kept?.items && index !== undefined && !output) throw missing(segment, `${name} has ${kept.items.length} items`);
    if (!output || output.text === '') return '';
    if (path.length === 0) return output.text;
    const value = output.structured ?? parse(output.text, segment);
    return showValue(valueAt(value, path, { segment, place: `the output of ${name}` }));
  }
}

/** A value as it stands in a prompt: a text as it is, everything else as JSON. */
function showValue(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function valueAt(
  value: unknown,
  path: ValuePath,
  { segment, place }: { segment: ValueSegment; place: string },
): unknown {
  const found = lookUp(value, path);
  if ('value' in found) return found.value;
  const { known } = found;
  throw missing(segment, place, known.length > 0 ? suggest(String(found.missing), known) : undefined);
}

function parse(text: string, segment: OutputSegment): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    const message = `{{${showSegment(segment)}}}: the output of ${segment.output} is no JSON`;
    const hint = `give ${segment.output} a 'format', or 'extract: json'`;
    throw new ProblemError({ code: 'value-missing', message, hint });
  }
}

function missing(segment: ValueSegment, place: string, hint?: string): ProblemError {
  const message = `{{${showSegment(segment)}}}: nothing is there in ${place}`;
  return new ProblemError({ code: 'value-missing', message, hint });
}
