import { z } from 'zod';
import { stepSchema, workflowSchema } from '../spec/workflow/workflow-schema.ts';
import { tasksBody, workflowBody } from './run-body.ts';

// What documentation says of bodies whose parts are looked over by others than the schema that reads them.

const { type, system, messages, format, extract, think, options, on_truncate, timeout, retries, priority, parameters } =
  stepSchema.shape;

const text = z.string();
const images = z.array(text).optional().describe('pictures, as base64');

/** A task: with both spellings, and what steps say of the fields they share with tasks. */
export const documentedTask = z
  .strictObject({
    type,
    input: text.optional().describe('what is sent, with placeholders; `prompt` means the same'),
    name: text.optional().describe('how others call it; without one it is `task1`, `task2` … by its place'),
    model_name: text.optional().describe('the model it must go to; no other takes its place; `model` means the same'),
    ...{
      system,
      messages,
      format,
      extract,
      images,
      think,
      options,
      on_truncate,
      timeout,
      retries,
      priority,
      parameters,
    },
    prompt: text.optional().describe('the same as `input`'),
    model: text.optional().describe('the same as `model_name`'),
  })
  .describe('A task; it has an `input`, or is a chat and has `messages`');

/** A step: what a file of this machine could say in its place is not for requests. */
export const documentedStep = stepSchema.omit({ prompt_file: true }).extend({ images });

/** A request for tasks. */
export const documentedTasks = tasksBody.extend({
  tasks: z.array(documentedTask).min(1).describe('the tasks'),
});

/** A request for a workflow. */
export const documentedWorkflow = workflowBody.extend({
  ...workflowSchema.omit({ env: true }).shape,
  steps: z.array(documentedStep).min(1).optional().describe('the steps; needed where there is no `workflow`'),
});

/** Something to try. */
export const tasksExample: z.input<typeof tasksBody> = {
  agent_id: 'helper',
  tasks: [
    { type: 'generate', input: 'Why is the sky blue? One sentence.' },
    { type: 'chat', input: 'Say hello in three languages.' },
  ],
};

/** Something to try, whose second step waits for the first. */
export const workflowExample: z.input<typeof workflowBody> = {
  agent_id: 'helper',
  steps: [
    { name: 'outline', type: 'generate', prompt: 'Outline a short text about bees, in three points.' },
    { name: 'text', type: 'generate', prompt: 'Write the text that this outlines: {{outline}}' },
  ],
};
