import type { ServerSettings } from '../server-settings.ts';

/** Something every request has to pass before anybody answers it. */
export interface Guard {
  name: string;
  /** What it keeps out, for documentation. */
  summary: string;
  /** @throws ProblemError to turn the request away */
  check: (request: GuardedRequest, settings: ServerSettings) => void;
}

/** What guards see of a request: not its body. */
export interface GuardedRequest {
  method: string;
  url: URL;
  headers: Headers;
  /** Whether its route is for anybody. */
  isOpen: boolean;
}
