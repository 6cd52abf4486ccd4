import { ProblemError, toProblem, type Problem } from '../../errors/problem.ts';
import type { WireMessage } from '../../ollama/wire.ts';
import { fillTemplate, type Template } from '../../spec/template/template.ts';
import { formatForm } from '../../tasks/answer-form.ts';
import type { TaskCall } from '../../tasks/define-task.ts';
import { fingerprint } from './fingerprint.ts';
import type { Outputs } from '../outputs.ts';
import type { Output } from '../output.ts';
import type { TaskNode } from '../task-node.ts';

/** The call of a task with its placeholders filled in, or why that cannot be. Prompt and fingerprint are kept for its entry. */
export function toCall(node: TaskNode, outputs: Outputs): TaskCall | Problem {
  try {
    const call = filledCall(node, outputs);
    const { form, spec } = node.plan;
    node.input = call.input;
    node.fingerprint ??= fingerprint(call, { definition: spec.definition, form: form && formatForm(form) });
    return call;
  } catch (error) {
    if (error instanceof ProblemError) return toProblem(error);
    throw error;
  }
}

function filledCall(node: TaskNode, outputs: Outputs): TaskCall {
  const { spec, system, options, onTruncate } = node.plan;
  const fill = (template: Template): string => fillTemplate(template, (segment) => outputs.valueOf(segment, node));
  const mustFit = onTruncate === 'fail' && spec.definition.uses.includes('on_truncate');
  return {
    input: fill(spec.prompt),
    system: spec.system ? fill(spec.system) : system,
    messages: spec.context === 'previous' ? [...(spec.messages ?? []), ...previous(node, outputs)] : spec.messages,
    format: spec.format,
    images: spec.images,
    think: spec.think,
    options,
    parameters: spec.parameters,
    ...(mustFit && { truncate: false }),
  };
}

/** What the steps it needs were asked and answered, in the order of the plan. Those without an answer are left out. */
function previous({ needs }: TaskNode, outputs: Outputs): WireMessage[] {
  return needs
    .toSorted((a, b) => a.index - b.index)
    .flatMap(({ name }): readonly Output[] => {
      const output = outputs.of(name);
      return output?.items ?? (output ? [output] : []);
    })
    .filter(({ text }) => text !== '')
    .flatMap(({ input, text }) => [
      { role: 'user', content: input },
      { role: 'assistant', content: text },
    ]);
}

/** The call that has the model mend its last answer, where that was not of the form asked for. */
export function toRepair({ plan, rejected }: TaskNode, call: TaskCall): TaskCall | undefined {
  return rejected && plan.spec.definition.repair?.(call, rejected);
}

/** Whether there is anything to send. */
export function hasContent({ input, messages = [] }: TaskCall): boolean {
  return input.trim() !== '' || messages.length > 0;
}
