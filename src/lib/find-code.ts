/** A fenced code block of a Markdown text. */
export interface CodeBlock {
  /** The first word after the fence, in lower case; empty when there is none. */
  language: string;
  /** Its lines, without the last newline and without the indentation of the fence. */
  code: string;
  /** Whether its closing fence is there. */
  isClosed: boolean;
}

/** All fenced code blocks, in their order. As in CommonMark, but a fence may be indented at will: lists do that. */
export function findCodeBlocks(text: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { fence: string; indent: string; language: string; lines: string[] } | undefined;
  const close = (isClosed: boolean): void => {
    if (open) blocks.push({ language: open.language, code: open.lines.join('\n'), isClosed });
    open = undefined;
  };
  for (const line of text.split(/\r?\n/)) {
    const [, indent = '', fence = '', info = ''] = fencePattern.exec(line) ?? [];
    if (!open) {
      // Three backticks on one line with others are code within a sentence.
      if (fence !== '' && !(fence.startsWith('`') && info.includes('`'))) {
        open = { fence, indent, language: languageOf(info), lines: [] };
      }
    } else if (fence.startsWith(open.fence) && info.trim() === '') {
      close(true);
    } else {
      open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
    }
  }
  close(false);
  return blocks;
}

/** Whether a block says it is of this language; `js` is `javascript`, and so on. */
export function isLanguage({ language }: CodeBlock, wanted: string): boolean {
  return toFullName(language) === toFullName(wanted.toLowerCase());
}

const fencePattern = /^([ \t]*)(`{3,}|~{3,})(.*)$/;

/** `python title="x"`, `{.python}` and `python:main.py` are all python. */
function languageOf(info: string): string {
  return (/[^\s{}.:,=]+/.exec(info)?.[0] ?? '').toLowerCase();
}

const shortNames: Readonly<Record<string, string>> = {
  js: 'javascript',
  mjs: 'javascript',
  ts: 'typescript',
  py: 'python',
  python3: 'python',
  rb: 'ruby',
  rs: 'rust',
  golang: 'go',
  sh: 'bash',
  shell: 'bash',
  zsh: 'bash',
  yml: 'yaml',
  md: 'markdown',
  'c++': 'cpp',
  cs: 'csharp',
  'c#': 'csharp',
  kt: 'kotlin',
};

function toFullName(language: string): string {
  return Object.hasOwn(shortNames, language) ? (shortNames[language] ?? language) : language;
}
