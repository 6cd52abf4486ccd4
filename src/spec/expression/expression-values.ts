import { suggest } from '../../errors/suggest.ts';
import { upToKey, type Chain, type NameReading } from './expression-reading.ts';

/** Reads `vars.NAME` or `env.NAME` and takes the value along. An environment variable that is not set has none. */
export function readValue(context: 'vars' | 'env', chain: Chain, reading: NameReading): void {
  const { report, source, names, scope } = reading;
  const [key, inner] = chain.keys;
  if (!key) {
    const message = chain.isOpen ? 'which value is meant must be written out' : `'${context}' alone has no value`;
    return report(chain, 'expression-invalid', message, `write ${context}.NAME`);
  }
  if (inner || chain.isOpen) {
    const head = upToKey(source, chain, key);
    const hint = `did you mean 'fromJSON(${head})${source.slice(chain.start + head.length, chain.end)}'?`;
    report(chain, 'expression-invalid', 'a variable is a text', hint);
  }
  const name = findName(context, key, reading);
  if (name === undefined) return;
  const value = context === 'env' ? scope.env(name) : scope.vars[name];
  if (value !== undefined) names[context][name] = value;
}

/** Reads `stdin` and takes what was piped in along. */
export function readPipedText(chain: Chain, { names, report, scope, source }: NameReading): void {
  if (chain.keys.length > 0 || chain.isOpen) {
    const rest = source.slice(chain.start + 'stdin'.length, chain.end);
    return report(chain, 'expression-invalid', 'what is piped in is a text', `did you mean 'fromJSON(stdin)${rest}'?`);
  }
  if (scope.stdin === undefined)
    return report(chain, 'placeholder-unset', 'stdin is used, but nothing is piped in', 'pipe text in: … < file');
  names.stdin = scope.stdin;
}

/** The library keeps values in an object that has these already. */
export function isUnreadable(name: string): boolean {
  return ['constructor', '__proto__'].includes(name.toLowerCase());
}

/** A name as it is declared; case makes no difference to GitHub's expressions. */
function findName(
  context: 'vars' | 'env',
  key: Chain['keys'][number],
  { scope, report }: NameReading,
): string | undefined {
  const { text } = key;
  const known = scope.declared?.[context] ?? (context === 'vars' ? Object.keys(scope.vars) : [text]);
  const found = known.filter((name) => name.toLowerCase() === text.toLowerCase());
  const [name] = found;
  if (name === undefined) {
    const [message, add] = scope.declared
      ? [`${context}.${text} is not declared in '${context}'`, `add ${text} to '${context}' of the file`]
      : [`${context}.${text} has no value`, `add --var ${text}=…`];
    const hint = known.length > 0 ? `${suggest(text, known)}; else ${add}` : add;
    report(key, scope.declared ? 'placeholder-unknown' : 'placeholder-unset', message, hint);
    return undefined;
  }
  if (found.length === 1 && !isUnreadable(name)) return name;
  const message =
    found.length > 1 ? `case makes no difference here: ${found.join(', ')}` : `'${name}' cannot be looked at here`;
  report(key, 'expression-invalid', message, 'choose another name');
  return undefined;
}
