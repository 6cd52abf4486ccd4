import type { Host } from '../host/host.ts';
import { readFile } from '../host/read-text.ts';
import { isRecord } from './schema.ts';

/** Reads pictures as base64, each file once. */
export function createPictureReader(host: Pick<Host, 'files'>): (path: string) => Promise<string> {
  const pictures = new Map<string, Promise<string>>();
  return (path) => {
    const picture = pictures.get(path) ?? readFile(path, host).then((bytes) => Buffer.from(bytes).toString('base64'));
    pictures.set(path, picture);
    return picture;
  };
}

/**
 * A task as JSON in which `@picture.png` in `images`, `messages` and `parameters` gave way to what that file holds.
 * @param read the bytes of a file as base64
 */
export async function loadImages(task: unknown, read: (path: string) => Promise<string>): Promise<unknown> {
  if (!isRecord(task)) return task;
  const { images, messages, parameters } = task;
  const loadImage = (image: unknown): unknown =>
    typeof image === 'string' && image.startsWith('@') ? read(image.slice(1)) : image;
  return {
    ...task,
    ...(Array.isArray(images) && { images: await Promise.all(images.map(loadImage)) }),
    ...(Array.isArray(messages) && { messages: await Promise.all(messages.map((each) => loadImages(each, read))) }),
    ...(isRecord(parameters) && { parameters: await loadImages(parameters, read) }),
  };
}
