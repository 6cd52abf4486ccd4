// In: the text of an expression. Out: its tokens with their places, and what cannot be one. Pure.
import { Lexer } from '@actions/expressions';
import { TokenType, type Token } from '@actions/expressions/lexer';

/** From one UTF-16 unit of an expression to another, the latter excluded. */
export interface Piece {
  start: number;
  end: number;
}

export type ExpressionToken = Token & Piece;

/** What is wrong with a piece of an expression. */
export interface ExpressionFault extends Piece {
  message: string;
  hint?: string | undefined;
}

/** More faults than these are not looked for: each costs another reading. */
const maxFaults = 10;

/**
 * The tokens of an expression that is known to be good.
 * @throws Error of the library for one that is not
 */
export function toTokens(source: string): ExpressionToken[] {
  let end = 0;
  return new Lexer(source).lex().tokens.map((token) => {
    const start = end + (/^[ \r\t\n]*/.exec(source.slice(end))?.[0].length ?? 0);
    end = start + token.lexeme.length;
    if (token.type !== TokenType.STRING) return { ...token, start, end };
    // The library replaces the first doubled quote only.
    return { ...token, start, end, value: token.lexeme.slice(1, -1).replaceAll("''", "'") };
  });
}

/** The tokens of any text. What cannot be one is told, and counts as a number, so that the rest is looked at, too. */
export function readTokens(source: string): { tokens: ExpressionToken[]; faults: ExpressionFault[] } {
  const faults: ExpressionFault[] = [];
  let text = source;
  while (faults.length < maxFaults) {
    try {
      return { tokens: toTokens(text), faults };
    } catch (error) {
      const place = placeOf(error, text);
      const { mendTo = 0, ...fault } = explain(source, place);
      faults.push(fault);
      const end = Math.max(fault.end, mendTo);
      text = `${text.slice(0, fault.start)}${'0'.repeat(end - fault.start)}${text.slice(end)}`;
    }
  }
  return { tokens: [], faults };
}

/** Whether an expression takes what is piped in. */
export function readsStdin(text: string): boolean {
  const { tokens } = readTokens(text);
  return tokens.some(
    ({ type, lexeme }, at) =>
      type === TokenType.IDENTIFIER && lexeme.toLowerCase() === 'stdin' && tokens[at - 1]?.type !== TokenType.DOT,
  );
}

/** The library says the place only in its message. */
function placeOf(error: unknown, text: string): Piece {
  const message = error instanceof Error ? error.message : '';
  const [, lexeme = '', position] =
    /^Unexpected symbol: '([^]*?)'\. Located at position (\d+) within/.exec(message) ?? [];
  if (position === undefined) return { start: 0, end: text.length };
  const start = Number(position) - 1;
  return { start, end: start + Math.max(1, lexeme.length) };
}

/** `mendTo`: where what can be understood goes on, if not behind the fault. */
function explain(source: string, { start, end }: Piece): ExpressionFault & { mendTo?: number } {
  const rest = source.slice(start);
  const upTo = (words: string): Piece => ({ start, end: start + words.length });
  const [quoted, text = ''] = /^"([^"\n]*)"/.exec(rest) ?? [];
  if (quoted !== undefined) {
    const hint = `did you mean ''${text.replaceAll("'", "''")}''?`;
    return { ...upTo(quoted), message: 'text stands in single quotes', hint };
  }
  const [braces, inner = ''] = /^\$?\{\{ *([^{}\n]*?) *\}\}/.exec(rest) ?? [];
  if (braces !== undefined) return { ...upTo(braces), ...explainBraces(braces, inner) };
  if (rest.startsWith('${{')) return { ...upTo('${{'), message: "'${{' is not closed by '}}'", mendTo: source.length };
  const operator = wrongOperator(source, start);
  if (operator) return operator;
  if (rest.startsWith("'"))
    return { start, end, message: 'the text has no closing quote', hint: "write '' for a quote in it" };
  if (/^[+\-/%]/.test(rest)) {
    const hint = "format('{0}{1}', a, b) joins texts";
    return { start, end: start + 1, message: `expressions do not calculate: '${rest.charAt(0)}'`, hint };
  }
  return (
    wrongStart(source, { start, end }) ?? { start, end, message: `'${source.slice(start, end)}' means nothing here` }
  );
}

function explainBraces(braces: string, inner: string): Pick<ExpressionFault, 'message' | 'hint'> {
  if (braces.startsWith('$')) {
    return { message: "'${{ }}' stands around the whole expression, or nowhere", hint: `did you mean '${inner}'?` };
  }
  const isContext = /^(vars|env)\.[\w-]+$|^steps\..+\.output$/.test(inner);
  const meant = isContext
    ? inner
    : /^[A-Za-z_][\w-]*$/.test(inner) && inner !== 'item'
      ? `steps.${inner}.output`
      : undefined;
  const hint = meant === undefined ? undefined : `did you mean '${meant}'?`;
  return { message: 'an expression names values without {{ }}', hint };
}

/** `=` for `==`, `===` for `==`, `&` for `&&`, `|` for `||`. */
function wrongOperator(source: string, at: number): ExpressionFault | undefined {
  const sign = source.charAt(at);
  if (!/[=&|]/.test(sign)) return undefined;
  const before = sign === '=' ? (/[=!]=$/.exec(source.slice(0, at))?.[0] ?? '') : '';
  const meant = before === '' ? sign.repeat(2) : before;
  const message = `'${before}${sign}' is no operator`;
  return { start: at - before.length, end: at + 1, message, hint: `did you mean '${meant}'?` };
}

/** A name that starts with a digit, such as that of the step `2nd`. */
function wrongStart(source: string, { start, end }: Piece): (ExpressionFault & { mendTo: number }) | undefined {
  const head = /(?:steps|vars|env)\.$/i.exec(source.slice(0, start))?.[0];
  const [name] = /^\d[\w-]*/.exec(source.slice(start)) ?? [];
  if (head === undefined || name === undefined) return undefined;
  const hint = `did you mean '${head.slice(0, -1)}['${name}']'?`;
  const message = 'a name that starts with a digit stands in brackets';
  return { start: start - head.length, end: start + name.length, message, hint, mendTo: end };
}
