import { contentEncoding } from './content-encoding.ts';
import { contentType } from './content-type.ts';
import type { Guard } from './define-guard.ts';
import { hostName } from './host-name.ts';
import { oneHost } from './one-host.ts';
import { origin } from './origin.ts';
import { pathText } from './path-text.ts';
import { token } from './token.ts';

/** All guards, in the order in which a request meets them. */
export const guards: readonly Guard[] = [oneHost, pathText, hostName, origin, token, contentType, contentEncoding];
