import type { Capability } from '../ollama/wire.ts';
import type { TaskCall } from './define-task.ts';

/** What a model must be able to do to answer in words. Servers ignore images in silence when it cannot see. */
export function answerNeeds({
  images,
  messages,
  think,
}: Pick<TaskCall, 'images' | 'messages' | 'think'>): Capability[] {
  const hasImages = [images, ...(messages ?? []).map((message) => message.images)].some((list) => list?.length);
  const wantsThinking = think !== undefined && think !== false;
  return ['completion', ...(hasImages ? (['vision'] as const) : []), ...(wantsThinking ? (['thinking'] as const) : [])];
}
