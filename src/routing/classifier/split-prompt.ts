/** A prompt taken apart: what the user says, and the code that stands beside it. */
export interface PromptParts {
  /** The lines that are no code. */
  prose: string;
  proseLines: number;
  codeLines: number;
  hasFence: boolean;
  /** Of all of it, in characters. */
  length: number;
}

/** Only so much is looked at, from the beginning and from the end: that is where people say what they want. */
const beginning = 2_400;
const end = 1_600;

/** How lines of programs begin, in most languages. */
const codeBegin = new RegExp(
  String.raw`^\s*(?:${[
    String.raw`import\s+[\w{*"'(]|from\s+[\w.]+\s+import\b|using\s+[\w.]+;|package\s+[\w.]+;?$`,
    String.raw`#\s*(?:include|define|ifdef|ifndef|endif|pragma)\b|#!\/|@\w+\s*[({]?$`,
    String.raw`(?:async\s+)?def\s+\w+\s*\(|class\s+\w+\s*[({:]|return\b.*[\w)\]];?$`,
    String.raw`(?:}\s*)?(?:else\s+)?(?:if|for|while|switch|catch)\s*\(`,
    String.raw`(?:if|elif|for|while|with|try|else|except|finally)\b[^.?!]*:\s*$|if\s+\[|(?:fi|done|esac)\s*$|echo\s+["$]`,
    String.raw`(?:export\s+)?(?:const|let|var|function|interface|enum|fn|func|fun|struct|impl)\s+\w+|(?:export\s+)?\w+=[$\"'\w(]`,
    String.raw`(?:public|private|protected|static|final|override|virtual|unsigned|void|int|float|double|char|bool|local)\s+[\w<[\]>*]+\s*[({=;]`,
    String.raw`<\/?[a-z][\w-]*(?:\s[^>]*)?>|<!--|\/\/|\/\*|\*\s+@|\$\s+\w|sudo\s`,
    String.raw`(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DECLARE|FROM|WHERE)\s+\S|(?:mov|ldr|str|push|pop|add|sub|cmp|jmp|beq)\s+\w+,`,
  ].join('|')})`,
);

/** How they end, where they hold signs of programs besides. */
const codeEnd = /[(){}[\]=<>;].*(?:[;{}]|=>|\},)\s*$|^\s*[{}]+[;,)]*\s*$/;
const assignment = /^\s*(?:[\w.$]+|[\w.]+\[[^\]]*\])\s*(?:[-+*/|]?=|:=|<-)\s*\S|^\s*[\w.$]+\([^)]*\)[;:]?\s*$/;
const formula = /^\s*\\\w|\$[^\s$"'`({][^$\n"'`]*\$(?![\w({])/;

/** Takes a prompt apart. However long it is, a few thousand characters are read. */
export function splitPrompt(text: string): PromptParts {
  const seen = text.length <= beginning + end ? text : bothEndsOf(text);
  const lines = seen.split('\n').filter((line) => line.trim() !== '');
  const prose = lines.filter((line) => !isCode(line));
  return {
    prose: prose.join('\n'),
    proseLines: prose.length,
    codeLines: lines.length - prose.length,
    hasFence: seen.includes('```'),
    length: text.length,
  };
}

/** A word cut in two is another word. */
function bothEndsOf(text: string): string {
  const first = text.slice(0, beginning).replace(/\b[A-Za-z]{1,30}$/, '');
  const last = text.slice(-end).replace(/^[A-Za-z]{1,30}\b/, '');
  return `${first}\n${last}`;
}

/** Longer lines are looked at where they begin. */
const longestLine = 600;

function isCode(line: string): boolean {
  if (formula.test(line)) return false;
  if (codeBegin.test(line)) return true;
  return line.length <= longestLine && (codeEnd.test(line) || assignment.test(line));
}
