// In: the tokens of an expression. Out: what it takes from the run, and each name in it that means nothing. Pure.
import { wellKnownFunctions } from '@actions/expressions';
import { TokenType } from '@actions/expressions/lexer';
import { closest, suggest } from '../../errors/suggest.ts';
import { expressionContexts, statusFunctions } from './expression.ts';
import { expressionFunctions } from './expression-functions.ts';
import { chainAt, type Chain, type NameReading } from './expression-reading.ts';
import { readStep } from './expression-steps.ts';
import type { ExpressionToken, Piece } from './expression-tokens.ts';
import { readPipedText, readValue } from './expression-values.ts';

/** Reads every name of an expression, whether its form is right or not. */
export function readNames(reading: NameReading): void {
  for (const [at, token] of reading.tokens.entries()) {
    if (token.type !== TokenType.IDENTIFIER || reading.tokens[at - 1]?.type === TokenType.DOT) continue;
    if (reading.tokens[at + 1]?.type === TokenType.LEFT_PAREN) readFunction(token, reading);
    else readContext(token, chainAt(reading.tokens, at), reading);
  }
}

function readFunction(token: ExpressionToken, { names, report }: NameReading): void {
  const name = token.lexeme.toLowerCase();
  const status = statusFunctions.find((each) => each === name);
  if (status) names.calls.add(status);
  if (status || Object.hasOwn(wellKnownFunctions, name)) return;
  names.unknown.functions.push(token.lexeme);
  const hint = name === 'not' ? `did you mean '!'?` : suggest(token.lexeme, Object.keys(expressionFunctions));
  report(token, 'expression-invalid', `'${token.lexeme}' is no function here`, hint);
}

function readContext(token: ExpressionToken, chain: Chain, reading: NameReading): void {
  const context = token.lexeme.toLowerCase();
  reading.names.hasContext = true;
  if (context === 'steps') return readStep(chain, reading);
  if (context === 'stdin') return readPipedText(chain, reading);
  if (context === 'vars' || context === 'env') return readValue(context, chain, reading);
  reading.names.unknown.contexts.push(token.lexeme);
  reading.names.hasWordForOperator ||= ['and', 'or', 'not'].includes(context);
  const { piece, hint } = explainName(token, chain, reading);
  reading.report(
    piece,
    'expression-invalid',
    `'${reading.source.slice(piece.start, piece.end)}' means nothing here`,
    hint,
  );
}

/** Words of other languages, and what they are here. */
const otherWords: Readonly<Record<string, string>> = {
  and: '&&',
  or: '||',
  not: '!',
  yes: 'true',
  on: 'true',
  no: 'false',
  off: 'false',
};

/** What was meant by a name that is no context, and the piece it stands for. */
function explainName(token: ExpressionToken, chain: Chain, reading: NameReading): { piece: Piece; hint: string } {
  const name = token.lexeme;
  const [key] = chain.keys;
  const instead = (meant: string, piece: Piece = token): { piece: Piece; hint: string } => ({
    piece,
    hint: `did you mean '${meant}'?`,
  });
  const word = name.toLowerCase();
  const meant = otherWords[word] ?? ['true', 'false', 'null'].find((literal) => literal === word);
  // In YAML, a text must not begin with an exclamation mark.
  if (word === 'not' && token.start === 0) return { piece: token, hint: 'write ! for it, and ${{ }} around the whole' };
  if (meant !== undefined) return instead(meant);
  const { names, vars, declared } = reading.scope;
  if (name === 'needs' && key) return instead(`steps.${key.text}.status`, chain);
  if (name === 'inputs' && key) return instead('vars');
  if (name === 'item' || name === 'matrix')
    return { piece: token, hint: "an item is not known here; '{{item}}' stands in prompts" };
  if (chain.keys.length === 0 && names.includes(name)) return instead(`steps.${name}.output`);
  const variables = declared?.vars ?? Object.keys(vars);
  if (chain.keys.length === 0 && variables.includes(name)) return instead(`vars.${name}`);
  const call = chain.keys.length === 0 ? closest(name, statusFunctions) : undefined;
  if (call !== undefined) return instead(`${call}()`);
  return { piece: token, hint: `${suggest(name, expressionContexts)}; text stands in single quotes` };
}
