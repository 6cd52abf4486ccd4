import { fillTemplate } from '../spec/template.ts';
import type { TaskCall } from '../tasks/define-task.ts';
import type { Outputs } from './outputs.ts';
import type { TaskNode } from './task-node.ts';

/** The call of a task with its placeholders filled in; the prompt is kept for its entry. */
export function toCall(node: TaskNode, outputs: Outputs): TaskCall {
  const { spec, system, options, onTruncate } = node.plan;
  const outputOf = (name: string): string => outputs.textOf(name);
  node.input = fillTemplate(spec.prompt, outputOf);
  const mustFit = onTruncate === 'fail' && spec.definition.uses.includes('on_truncate');
  return {
    input: node.input,
    system: spec.system ? fillTemplate(spec.system, outputOf) : system,
    messages: spec.messages,
    format: spec.format,
    images: spec.images,
    think: spec.think,
    options,
    parameters: spec.parameters,
    ...(mustFit && { truncate: false }),
  };
}

/** The call that has the model mend its last answer, where that was not of the form asked for. */
export function toRepair({ plan, rejected }: TaskNode, call: TaskCall): TaskCall | undefined {
  return rejected && plan.spec.definition.repair?.(call, rejected);
}

/** Whether there is anything to send. */
export function hasContent({ input, messages = [] }: TaskCall): boolean {
  return input.trim() !== '' || messages.length > 0;
}
