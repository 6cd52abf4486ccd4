import { Readable } from 'node:stream';
import type { Host } from '../host/host.ts';
import type { SpecHost } from '../spec/load-spec.ts';

/** How messages call the text of a workflow that came with a request. */
export const workflowName = 'workflow';

/**
 * What the tasks of a request may be read from: the workflow that came with it. Files, variables and the standard input of
 * this machine are not for those who ask over the network.
 */
export function requestSources({ io }: Pick<Host, 'io'>, workflow?: string): SpecHost {
  // Read once, as what it is: a step that names it as a file of its own gets nothing.
  let unread = workflow;
  return {
    env: {},
    hasEnvironment: false,
    io: {
      stdin: Object.assign(Readable.from([]), { isTTY: true }),
      get stdout() {
        return io.stdout;
      },
      get stderr() {
        return io.stderr;
      },
    },
    files: {
      read: (path) => {
        if (path !== workflowName || unread === undefined) return Promise.reject(new Error('requests read no files'));
        const text = unread;
        unread = undefined;
        return Promise.resolve(Buffer.from(text));
      },
      append: () => Promise.reject(new Error('requests write no files')),
    },
  };
}
