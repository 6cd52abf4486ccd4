// In: a request. Out: nothing, or why nobody answers it.
import { ProblemError } from '../errors/problem.ts';
import type { Clock } from '../host/host.ts';
import { guards } from './guards/index.ts';
import { shownTokens } from './guards/token.ts';
import { routes } from './routes/index.ts';
import type { ServerSettings } from './server-settings.ts';
import { WrongTokens } from './wrong-tokens.ts';

/** @throws ProblemError to turn the request away */
export type Gate = (request: Request, client: string) => void;

/** All guards, and a memory of who came with wrong tokens. */
export function createGate(settings: ServerSettings, clock: Clock): Gate {
  const wrongTokens = new WrongTokens(clock);
  const open = new Set(routes.flatMap(({ path, isOpen }) => (isOpen === true ? [path] : [])));
  return ({ method, url: address, headers }, client) => {
    const url = new URL(address);
    const isOpen = open.has(url.pathname);
    const [from = ''] = client.split(' ');
    if (!isOpen && settings.token !== undefined) wrongTokens.check(from);
    try {
      for (const { check } of guards) check({ method, url, headers, isOpen }, settings);
    } catch (error) {
      const isWrong = error instanceof ProblemError && error.problem.code === 'token-refused';
      if (isWrong) for (const token of shownTokens(headers)) wrongTokens.note(from, token);
      throw error;
    }
  };
}
