// stdout as text: the bare output of one task, blocks for several, the result of a workflow.
import type { RunEvent, RunStarted, TaskDelta, TaskFinished } from '../events/event.ts';
import { isSuccess, lastPlanned } from '../events/to-run-document.ts';
import { createNeutralizer } from '../lib/neutralize.ts';
import { isStreamed } from './is-streamed.ts';
import { createPaint } from './paint.ts';
import type { RenderContext, Renderer } from './renderer.ts';
import { answerOf, toShown } from './shown-answer.ts';

/** The answers as text, printed as early as their order allows. */
export function createTextAnswer(context: RenderContext): Renderer {
  let answer: ((event: RunEvent) => void) | undefined;
  return {
    onEvent(event) {
      // A further part of a run goes on with the answers: its plan has the same tasks.
      if (event.type === 'run.started') answer ??= choose(event, context);
      else answer?.(event);
    },
    close: () => context.screen.drained(),
  };
}

function choose(event: RunStarted, context: RenderContext): (event: RunEvent) => void {
  const { tasks } = event.plan;
  if (isStreamed(event) && context.terminal.stdout) return createStream(context);
  if (event.run_type === 'workflow' || tasks.length === 1) {
    return createResult(event.output_step ?? lastPlanned(event.plan), context);
  }
  return createBlocks(
    tasks.map(({ task }) => task),
    context,
  );
}

/** The output of one task and a newline. */
function createResult(name: string | undefined, context: RenderContext): (event: RunEvent) => void {
  return (event) => {
    if (event.type === 'task.finished' && event.task === name && isSuccess(event)) {
      context.screen.print(`${toShown(event, context)}\n`);
    }
  };
}

function headingOf({ task, model_used: model }: TaskFinished): string {
  return model === undefined ? task : `${task} (${model})`;
}

/** A block with a heading for each output, in the order of the plan; only what comes too early is held. */
function createBlocks(names: readonly string[], context: RenderContext): (event: RunEvent) => void {
  const { bold } = createPaint(context.color.stdout);
  const planned = new Set(names);
  const held = new Map<string, TaskFinished>();
  let next = 0;
  let isFirst = true;
  const printNext = () => {
    for (let event = held.get(names[next] ?? ''); event; event = held.get(names[next] ?? '')) {
      held.delete(event.task);
      next += 1;
      if (!isSuccess(event)) continue;
      const heading = bold(`=== ${headingOf(event)}`);
      context.screen.print(`${isFirst ? '' : '\n'}${heading}\n${toShown(event, context)}\n`);
      isFirst = false;
    }
  };
  return (event) => {
    if (event.type === 'task.finished' && planned.has(event.task)) {
      held.set(event.task, event);
      printNext();
    }
  };
}

/** The output of the one task as it arrives, for a person who reads along. */
function createStream(context: RenderContext): (event: RunEvent) => void {
  const { print } = context.screen;
  let show = createNeutralizer();
  let printed = 0;
  let isMidLine = false;
  const write = (piece: string) => {
    const text = show(piece);
    if (text === '') return;
    print(text);
    isMidLine = !text.endsWith('\n');
  };
  const endLine = () => {
    write('');
    if (isMidLine) print('\n');
    isMidLine = false;
    show = createNeutralizer();
  };
  const onDelta = ({ channel, offset, text }: TaskDelta) => {
    if (channel !== 'text') return;
    write(text);
    printed = offset + text.length;
  };
  return (event) => {
    if (event.type === 'task.delta') {
      onDelta(event);
    } else if (event.type === 'task.finished' && isSuccess(event)) {
      write(answerOf(event).slice(event.embedding ? 0 : printed));
      write('');
      print('\n');
      isMidLine = false;
    } else {
      // Notices on stderr follow: they start on a line of their own, and so does the next attempt.
      endLine();
      if (event.type === 'task.started') printed = 0;
    }
  };
}
