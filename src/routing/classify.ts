import type { Kind } from '../lib/kinds.ts';

/** Words and forms that speak for a kind of work, with their weight; found anywhere in the prompt, case ignored. */
const signs: readonly { kind: Kind; weight: number; pattern: RegExp }[] = [
  {
    kind: 'code',
    weight: 4,
    pattern: /```|#include\b|\bdef \w+\(|\bfunction \w*\(|=>\s*\{|\bimport \w+ from\b|;\s*\n\s*\}|<\/\w+>/i,
  },
  {
    kind: 'code',
    weight: 3,
    pattern:
      /\b(python|javascript|typescript|java|golang|rust|c\+\+|c#|php|ruby|kotlin|swift|bash|html|css|sql|react|django|flask|node\.?js|powershell|vba|matlab|cuda|regex|dockerfile|kubernetes|terraform|git)\b/i,
  },
  {
    kind: 'code',
    weight: 3,
    pattern:
      /\b(source code|code review|code|coding|compiler?s?|refactor\w*|debug\w*|unit tests?|stack ?trace|pull request|codebase|programming)\b/i,
  },
  {
    kind: 'code',
    weight: 2,
    pattern:
      /\b(functions?|class(es)?|methods?|scripts?|algorithms?|api|endpoints?|database|schema|json|yaml|array|linked list|binary|recursi\w+|runtime|library|framework|bugs?|exceptions?|variables?|queries|query|server|backend|frontend|program|implement(ation|ed)?|time complexity|config(uration)?|linux|command line|docker|website|parser?|thread|mutex|pointer|struct)\b/i,
  },
  {
    kind: 'math',
    weight: 3,
    pattern:
      /\b(solve for|equations?|integral|derivative|theorem|lemma|prove that|probability|polynomial|matrix|eigenvalue\w*|triangle|modulo|prime numbers?|arithmetic|algebra|geometry|calculus|how many)\b/i,
  },
  {
    kind: 'math',
    weight: 3,
    pattern: /\\(frac|sum|int|sqrt|mathbb|leq|geq)\b|\$[^$\n]{2,80}\$|\b\d+\s*[-+*/^]\s*\d+\b|\b[a-z]\^\d/i,
  },
  {
    kind: 'writing',
    weight: 3,
    pattern:
      /\b(write|compose|draft|rewrite|craft)\b.{0,40}\b(story|poem|essay|email|letter|blog|post|article|song|lyrics|scene|chapter|speech|review|novel|script for|haiku|tale|dialogue|fan ?fic\w*|paragraph|summary|description)\b/is,
  },
  {
    kind: 'writing',
    weight: 2,
    pattern:
      /\b(story|poem|essay|blog post|lyrics|screenplay|narrative|haiku|limerick|fan ?fic\w*|protagonist|characters?|creative)\b/i,
  },
  {
    kind: 'translation',
    weight: 5,
    pattern:
      /\btranslat(e|ion|ing)\b|\binto (english|german|french|spanish|italian|japanese|chinese|korean|portuguese|russian|dutch)\b/i,
  },
  {
    kind: 'extraction',
    weight: 4,
    pattern:
      /\b(extract|list all|identify all|pull out|find all)\b.{0,60}\b(from|in|of|mentioned)\b|\bas (json|csv)\b|\bnamed entit\w+/is,
  },
  { kind: 'chat', weight: 2, pattern: /^\s*(hi|hello|hey|thanks|thank you|good (morning|evening))\b|\bhow are you\b/i },
];

/** A prompt must speak this clearly for a kind, else it is `other`. */
const threshold = 2;

/** Only the beginning and the end are looked at: that is where people say what they want. */
const window = 2_000;

/**
 * The kind of work a prompt asks for.
 * @param text the user's own words, without text pasted in from other tasks
 */
export function classify(text: string): Kind {
  const seen = text.length <= 2 * window ? text : `${text.slice(0, window)}\n${text.slice(-window)}`;
  const scores = new Map<Kind, number>();
  for (const { kind, weight, pattern } of signs) {
    if (pattern.test(seen)) scores.set(kind, (scores.get(kind) ?? 0) + weight);
  }
  const [best] = [...scores].sort((a, b) => b[1] - a[1]);
  return best && best[1] >= threshold ? best[0] : 'other';
}
