// In: the text of an `if` or `foreach`. Out: the expression, or all that is wrong with it, each at its place. Pure.
import { ExpressionError, Parser } from '@actions/expressions';
import {
  Binary,
  ContextAccess,
  FunctionCall,
  Grouping,
  IndexAccess,
  Literal,
  Unary,
  type Expr,
} from '@actions/expressions/ast';
import { MAX_EXPRESSION_LENGTH } from '@actions/expressions/errors';
import { TokenType } from '@actions/expressions/lexer';
import { ProblemError } from '../../errors/problem.ts';
import { evaluate, expressionContexts, statusFunctions, type Expression } from './expression.ts';
import { readNames } from './expression-names.ts';
import type { ExpressionNames, NameReading } from './expression-reading.ts';
import { readTokens, type ExpressionToken, type Piece } from './expression-tokens.ts';
import type { At, Finding } from '../workflow/finding.ts';
import type { PlaceholderScope } from '../template/placeholders.ts';

/** Where an expression stands. */
export interface ExpressionPlace {
  key: 'if' | 'foreach';
  /** How to call its step in messages. */
  place: string;
}

export interface CheckedExpression {
  /** Absent when something is wrong with it. */
  expression?: Expression | undefined;
  /** Where it names each step first. */
  references: Map<string, At>;
  findings: Finding[];
}

/** An expression as a step gives it; `${{ }}` around it may be left out. */
export function checkExpression(text: string, where: ExpressionPlace, scope: PlaceholderScope): CheckedExpression {
  const { source, offset } = unwrap(text);
  const findings: Finding[] = [];
  const toAt = ({ start, end }: Piece): At => ({
    path: [where.key],
    piece: { of: text, start: start + offset, length: end - start },
  });
  const report: NameReading['report'] = (piece, code, message, hint) =>
    void findings.push({ code, message: `${where.place}: ${where.key}: ${message}`, hint, at: toAt(piece) });
  const names: ExpressionNames = {
    calls: new Set(),
    steps: new Map(),
    vars: {},
    env: {},
    unknown: { contexts: [], functions: [] },
    hasContext: false,
    hasWordForOperator: false,
  };
  const whole = { start: 0, end: source.length };
  if (source === '')
    report(whole, 'expression-invalid', 'the expression is empty', "for example success() && steps.NAME.output != ''");
  else if (source.length > MAX_EXPRESSION_LENGTH)
    report(whole, 'expression-invalid', `an expression has at most ${MAX_EXPRESSION_LENGTH} characters`);
  else {
    const reading = { source, tokens: [], scope, names, report };
    const tree = checkSource(reading);
    if (tree && findings.length === 0) checkValue(tree, where.key, reading);
  }
  const references = new Map([...names.steps].map(([step, piece]) => [step, toAt(piece)]));
  if (findings.length > 0) return { references, findings };
  const { calls, steps, vars, env, stdin } = names;
  const expression = { source, calls: [...calls], steps: [...steps.keys()], vars, env, stdin };
  return { expression, references, findings };
}

/** The text between `${{` and `}}`, and where it begins. */
function unwrap(text: string): { source: string; offset: number } {
  const outer = text.trim();
  const isWrapped = outer.startsWith('${{') && outer.endsWith('}}') && !outer.includes('${{', 1);
  const inner = isWrapped ? outer.slice(3, -2) : outer;
  const source = inner.trim();
  return { source, offset: text.indexOf(outer) + (isWrapped ? 3 : 0) + inner.indexOf(source) };
}

/** The tree of an expression, where its form allows one. */
function checkSource(reading: NameReading): Expr | undefined {
  const { tokens, faults } = readTokens(reading.source);
  for (const { message, hint, ...piece } of faults) reading.report(piece, 'expression-invalid', message, hint);
  readNames({ ...reading, tokens });
  if (faults.length > 0 || reading.names.hasWordForOperator) return undefined;
  return checkForm(tokens, reading);
}

/** What can be said of the value before the run: whether a constant has one, and whether a list may come out. */
function checkValue(tree: Expr, key: ExpressionPlace['key'], { source, names, report }: NameReading): void {
  const whole = { start: 0, end: source.length };
  const constant = names.hasContext || names.calls.size > 0 ? undefined : constantOf(source);
  if (constant && 'reason' in constant) return report(whole, 'expression-invalid', constant.reason);
  if (key === 'if' || (constant ? Array.isArray(constant.value) : mayBeList(tree))) return;
  const hint = isText(tree) ? `did you mean 'fromJSON(${source})'?` : 'for example fromJSON(steps.NAME.output)';
  report(whole, 'expression-invalid', 'must give a list', hint);
}

/** The tree of an expression. Names that mean nothing are told already. */
function checkForm(tokens: ExpressionToken[], { names: { unknown }, report }: NameReading): Expr | undefined {
  const functions = [
    ...statusFunctions.map((name) => [name, 0] as const),
    ...unknown.functions.map((name) => [name, 255] as const),
  ];
  const definitions = functions.map(([name, maxArgs]) => ({ name, minArgs: 0, maxArgs, call: unreachable }));
  try {
    return new Parser(tokens, [...expressionContexts, ...unknown.contexts], definitions).parse();
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const at = tokens.findIndex(({ range }) => range.start === error.pos);
    const token = tokens[at]?.type === TokenType.EOF ? tokens[at - 1] : tokens[at];
    if (token) report(token, 'expression-invalid', toReason(error, token));
    return undefined;
  }
}

function unreachable(): never {
  throw new Error('an expression is only read here');
}

/** The library's reason in our words. */
function toReason({ message }: ExpressionError, { lexeme }: ExpressionToken): string {
  if (message.startsWith('Too few')) return `${lexeme}() is given too few values`;
  if (message.startsWith('Too many')) return `${lexeme}() is given too many values`;
  if (message.startsWith('Even number'))
    return `${lexeme}() takes an odd number of values, the last for all other cases`;
  if (message.startsWith('Exceeded')) return 'the expression is nested too deep';
  const isEnd = message.startsWith('Unexpected end') || message.endsWith("'EOF'");
  return isEnd ? 'the expression ends too soon' : `'${lexeme}' is not expected here`;
}

/** What an expression comes to that looks at nothing. */
function constantOf(source: string): { value: unknown } | { reason: string } {
  try {
    const value = evaluate({ source, calls: [], steps: [], vars: {}, env: {} }, { steps: {}, needsFailed: false });
    return { value };
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    return { reason: error.message };
  }
}

/** Whether a list may come out of it, for all that can be said before the run. */
function mayBeList(tree: Expr): boolean {
  if (tree instanceof Grouping) return mayBeList(tree.group);
  if (tree instanceof Unary || tree instanceof Binary || tree instanceof Literal || isText(tree)) return false;
  return !(tree instanceof FunctionCall) || ['fromjson', 'case'].includes(tree.functionName.lexeme.toLowerCase());
}

/** What was piped in, a value of a context, which is a text, or a function that makes one. */
function isText(tree: Expr): boolean {
  if (tree instanceof Grouping) return isText(tree.group);
  if (tree instanceof ContextAccess) return tree.name.lexeme.toLowerCase() === 'stdin';
  if (tree instanceof IndexAccess) return tree.expr instanceof ContextAccess || isText(tree.expr);
  return tree instanceof FunctionCall && tree.functionName.lexeme.toLowerCase() === 'tojson';
}
