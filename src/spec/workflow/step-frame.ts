import type { Finding } from './finding.ts';
import type { StepFrame } from '../spec.ts';
import { suggestValue } from '../suggest-value.ts';
import { frameShape } from './workflow-schema.ts';

/** A step in its two halves, and what is wrong with the keys that only a step has. */
export interface SplitStep {
  /** What is sent, still to be checked. */
  task: Record<string, unknown>;
  frame: StepFrame;
  needs: string[];
  findings: Finding[];
}

/** Takes the keys apart that only a step has. One that is wrong counts as if it were not there. */
export function splitStep(step: Readonly<Record<string, unknown>>, place: string): SplitStep {
  const task: Record<string, unknown> = {};
  const frame: Record<string, unknown> = {};
  const findings: Finding[] = [];
  for (const [key, value] of Object.entries(step)) {
    if (key === 'needs') continue;
    const schema = Object.hasOwn(frameShape, key) ? frameShape[key as keyof typeof frameShape] : undefined;
    if (!schema) Object.defineProperty(task, key, { value, enumerable: true, configurable: true, writable: true });
    else if (value !== null) {
      const { data, error } = schema.safeParse(value);
      frame[key] = data;
      for (const issue of error?.issues ?? []) {
        const hint = frameHint(key, value) ?? suggestValue({ ...issue, path: [key] }, step);
        const message = `${place}: ${key}: ${issue.message}`;
        findings.push({ code: 'workflow-invalid', message, hint, at: { path: [key] } });
      }
    }
  }
  if (!isSet(step.foreach) && isSet(step.max_parallel)) {
    const message = `${place}: max_parallel: the step has no 'foreach'`;
    const hint = "it limits the items of a list; 'max_parallel' of the whole file stands above 'steps'";
    findings.push({ code: 'workflow-invalid', message, hint, at: { path: ['max_parallel'], part: 'key' } });
  }
  // A list that is wrong is one all the same: `{{item}}` is then no second problem.
  if (isSet(step.foreach)) frame.foreach ??= null;
  const needs = [step.needs ?? []].flat();
  findings.push(...wrongNeeds(needs, place));
  return { task, frame, needs: needs.filter((need) => typeof need === 'string'), findings };
}

function isSet(value: unknown): boolean {
  return value !== undefined && value !== null;
}

function wrongNeeds(needs: readonly unknown[], place: string): Finding[] {
  const wrong = needs.findIndex((need) => typeof need !== 'string');
  if (wrong === -1) return [];
  const message = `${place}: needs: must be the name of a step, or a list of them`;
  return [{ code: 'workflow-invalid', message, at: { path: ['needs', wrong] } }];
}

/** What to write for a value that has the right idea in the wrong form. */
function frameHint(key: string, value: unknown): string | undefined {
  if (key === 'if') return "for example success() && steps.NAME.output != ''";
  if (key === 'foreach') return "write '- …' for each element, or [a, b]";
  if (key === 'context' && typeof value === 'string') return "did you mean 'previous'?";
  return undefined;
}
