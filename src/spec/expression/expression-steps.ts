import { TokenType } from '@actions/expressions/lexer';
import { closest, suggest } from '../../errors/suggest.ts';
import type { TaskStatus } from '../../events/run-document.ts';
import { upToKey, type Chain, type NameReading } from './expression-reading.ts';
import { isUnreadable } from './expression-values.ts';

/** How a step may have ended when an expression looks at it. */
const endings: readonly TaskStatus[] = ['completed', 'failed', 'skipped', 'cancelled'];

/** The properties of a step. */
const properties = ['output', 'status'];

/** Words of GitHub Actions for them. */
const otherWords: Readonly<Record<string, string>> = {
  outputs: 'output',
  outcome: 'status',
  conclusion: 'status',
  result: 'status',
};

/** Reads `steps.NAME.output` or `steps.NAME.status`, and says what is wrong with anything else. */
export function readStep(chain: Chain, reading: NameReading): void {
  const { report, names, source } = reading;
  const [name, property] = chain.keys;
  if (!name) {
    const message = chain.isOpen ? 'which step is meant must be written out' : "'steps' alone has no value";
    return report(chain, 'expression-invalid', message, 'write steps.NAME.output or steps.NAME.status');
  }
  const step = findStep(chain, reading);
  if (step === undefined) return;
  if (!names.steps.has(step)) names.steps.set(step, name);
  const head = upToKey(source, chain, name);
  const whole = `fromJSON(${head}.output)`;
  const word = property?.text.toLowerCase();
  if (property === undefined || word === undefined) {
    const hint = chain.isOpen ? `write ${whole}` : `did you mean '${head}.output'?`;
    return report(chain, 'expression-invalid', 'a step has an output and a status', hint);
  }
  const rest = source.slice(chain.start + upToKey(source, chain, property).length, chain.end);
  if (properties.includes(word)) {
    if (rest === '' && !chain.isOpen) return word === 'status' ? checkStatus(chain, reading) : undefined;
    const meant = word === 'output' ? `${whole}${rest}` : `${head}.status`;
    const message = word === 'output' ? 'an output is a text' : 'a status is a word';
    return report(chain, 'expression-invalid', message, `did you mean '${meant}'?`);
  }
  const message = `a step has an output and a status, and no '${property.text}'`;
  if (word === 'outputs' && rest !== '')
    return report(chain, 'expression-invalid', message, `did you mean '${whole}${rest}'?`);
  const meant = otherWords[word] ?? closest(word, properties);
  const hint = meant === undefined ? `a value in its output: ${whole}.${property.text}` : `did you mean '${meant}'?`;
  report(property, 'expression-invalid', message, hint);
}

/** The step a chain begins with. Its name may be written in any case, as GitHub takes it. */
function findStep({ keys, start }: Chain, { scope, report }: NameReading): string | undefined {
  const [key] = keys;
  if (!key) return undefined;
  const step = scope.positions.has(key.text) ? key.text : scope.names.find((name) => isSame(name, key.text));
  const own = scope.names[scope.index];
  if (step === undefined) {
    const dotted = keys.findIndex((_, index) => index > 0 && scope.positions.has(textOf(keys, index)));
    const last = keys[dotted];
    if (last) {
      const hint = `did you mean 'steps['${textOf(keys, dotted)}']'?`;
      report({ start, end: last.end }, 'step-unknown', `no step is named '${key.text}'`, hint);
    } else {
      const others = scope.names.filter((name) => name !== own);
      report(key, 'step-unknown', `no step is named '${key.text.slice(0, 80)}'`, suggest(key.text, others));
    }
    return undefined;
  }
  if (step === own) {
    report(key, 'cycle', `'${step}' is the step itself`, 'success() and failure() look at the steps it needs');
    return undefined;
  }
  if (isUnreadable(step))
    report(key, 'expression-invalid', `a step named '${step}' cannot be looked at`, 'choose another name');
  return step;
}

function textOf(keys: Chain['keys'], last: number): string {
  return keys
    .slice(0, last + 1)
    .map(({ text }) => text)
    .join('.');
}

function isSame(name: string, other: string): boolean {
  return name.toLowerCase() === other.toLowerCase();
}

/** GitHub's words for how a step ended. */
const statusWords: Readonly<Record<string, string>> = {
  success: 'completed',
  succeeded: 'completed',
  failure: 'failed',
};

/** A status compared with a word that is none is never equal: nobody means that. */
function checkStatus({ start, next }: Chain, { tokens, report }: NameReading): void {
  const isComparison = (at: number): boolean =>
    [TokenType.EQUAL_EQUAL, TokenType.BANG_EQUAL].some((type) => tokens[at]?.type === type);
  const first = tokens.findIndex((token) => token.start === start);
  const others = [
    isComparison(next) ? tokens[next + 1] : undefined,
    isComparison(first - 1) ? tokens[first - 2] : undefined,
  ];
  for (const other of others) {
    if (other?.type !== TokenType.STRING) continue;
    const word = String(other.value).toLowerCase();
    if (endings.some((status) => status === word)) continue;
    const near = closest(word, [...endings, ...Object.keys(statusWords)]) ?? '';
    const meant = near === '' ? undefined : (statusWords[near] ?? near);
    const hint = meant === undefined ? `known: ${endings.join(', ')}` : `did you mean '${meant}'?`;
    const piece = { start: other.start + 1, end: other.end - 1 };
    report(word === '' ? other : piece, 'expression-invalid', `'${String(other.value)}' is no status`, hint);
  }
}
