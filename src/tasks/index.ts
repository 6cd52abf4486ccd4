import { chat } from './chat.ts';
import { customTask } from './custom.ts';
import type { TaskDefinition } from './define-task.ts';
import { embed } from './embed.ts';
import { generate } from './generate.ts';

/** The task types everybody has. A new one is a file here and a line in this list. */
export const taskTypes: readonly TaskDefinition[] = [generate, chat, embed, customTask()];
