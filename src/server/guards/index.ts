import { contentType } from './content-type.ts';
import type { Guard } from './define-guard.ts';
import { hostName } from './host-name.ts';
import { origin } from './origin.ts';
import { token } from './token.ts';

/** All guards, in the order in which a request meets them. */
export const guards: readonly Guard[] = [hostName, origin, token, contentType];
