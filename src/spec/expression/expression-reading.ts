import { TokenType } from '@actions/expressions/lexer';
import type { ProblemCode } from '../../errors/catalogue.ts';
import type { StatusFunction } from './expression.ts';
import type { ExpressionToken, Piece } from './expression-tokens.ts';
import type { PlaceholderScope } from '../template/placeholders.ts';

/** What an expression takes from outside itself. */
export interface ExpressionNames {
  calls: Set<StatusFunction>;
  /** Where it names each step first. */
  steps: Map<string, Piece>;
  vars: Record<string, string>;
  env: Record<string, string>;
  /** What was piped in, where it reads that. */
  stdin?: string | undefined;
  /** Names that mean nothing; they are told. */
  unknown: { contexts: string[]; functions: string[] };
  /** It looks at something outside itself. */
  hasContext: boolean;
  /** A word stands where an operator belongs, which is told: its form is then wrong in any case. */
  hasWordForOperator: boolean;
}

/** An expression while its names are read. */
export interface NameReading {
  source: string;
  tokens: readonly ExpressionToken[];
  scope: PlaceholderScope;
  names: ExpressionNames;
  report: (piece: Piece, code: ProblemCode, message: string, hint?: string) => void;
}

/** A name and the keys that follow it: `steps.plan.output`, `vars['a']`. */
export interface Chain extends Piece {
  keys: (Piece & { text: string })[];
  /** Position of the token behind it. */
  next: number;
  /** It goes on with what is known only later: `[vars.x]`, `.*`. */
  isOpen: boolean;
}

/** A name at this position and all that belongs to it. */
export function chainAt(tokens: readonly ExpressionToken[], at: number): Chain {
  const chain: Chain = {
    start: tokens[at]?.start ?? 0,
    end: tokens[at]?.end ?? 0,
    keys: [],
    next: at + 1,
    isOpen: false,
  };
  for (;;) {
    const [first, second, third] = tokens.slice(chain.next, chain.next + 3);
    const isField = first?.type === TokenType.DOT && second?.type === TokenType.IDENTIFIER;
    if (isField) {
      chain.keys.push({ text: second.lexeme, start: second.start, end: second.end });
      chain.end = second.end;
      chain.next += 2;
      continue;
    }
    const opens = first?.type === TokenType.LEFT_BRACKET;
    const isWord = second?.type === TokenType.STRING || second?.type === TokenType.NUMBER;
    if (!opens || !isWord || third?.type !== TokenType.RIGHT_BRACKET)
      return { ...chain, isOpen: opens || first?.type === TokenType.DOT };
    const quote = second.type === TokenType.STRING ? 1 : 0;
    chain.keys.push({ text: String(second.value), start: second.start + quote, end: second.end - quote });
    chain.end = third.end;
    chain.next += 3;
  }
}

/** A chain as it is written, up to and with one of its keys. */
export function upToKey(source: string, { start }: Chain, { end }: Piece): string {
  return source.slice(start, end + (/^'?\s*\]/.exec(source.slice(end))?.[0].length ?? 0));
}
