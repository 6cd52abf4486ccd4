import { ProblemError } from './problem.ts';

/** Why a server of ours cannot listen where it was told to. */
export function cannotListen(address: string, port: number, error: unknown): ProblemError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const [reason, hint] = reasons[code] ?? [message, undefined];
  return new ProblemError({ code: 'usage-invalid', message: `cannot listen on ${address}:${port}: ${reason}`, hint });
}

const reasons: Readonly<Record<string, [reason: string, hint: string]>> = {
  EADDRINUSE: ['something else listens there', 'take another port: --port 0 takes any that is free'],
  EADDRNOTAVAIL: ['this machine has no such address', '--listen takes an address of this machine'],
  ENOTFOUND: ['this machine has no such address', '--listen takes an address of this machine'],
  EACCES: ['permission denied', 'ports below 1024 are for administrators'],
};
