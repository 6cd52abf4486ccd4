/** How a comment looks in a language that a prompt may name. */
const comments: readonly { pattern: RegExp; language: string; code: string }[] = [
  { pattern: /\bjson\b/i, language: 'json', code: '{"simulated":true}' },
  { pattern: /\b(typescript|javascript|java|rust|kotlin|swift|php)\b/i, language: '$1', code: '// simulated' },
  { pattern: /\bc(\+\+|#)/i, language: 'c$1', code: '// simulated' },
  { pattern: /\bgolang\b|\bin Go\b/, language: 'go', code: '// simulated' },
  { pattern: /\bsql\b/i, language: 'sql', code: '-- simulated' },
  { pattern: /\b(python|bash|ruby|yaml|toml)\b/i, language: '$1', code: '# simulated' },
  { pattern: /\bshell\b/i, language: 'sh', code: '# simulated' },
  { pattern: /\bhtml\b/i, language: 'html', code: '<!-- simulated -->' },
  { pattern: /\bcss\b/i, language: 'css', code: '/* simulated */' },
  { pattern: /\b(?:code|function|script|program)\b/i, language: '', code: '# simulated' },
];

/** A fenced block for a prompt that seems to want code, so that what takes it out of the answer finds some. */
export function codeBlockFor(prompt: string): string | undefined {
  for (const { pattern, language, code } of comments) {
    const found = pattern.exec(prompt);
    if (found) return `\n\`\`\`${language.replace('$1', found[1] ?? '').toLowerCase()}\n${code}\n\`\`\`\n`;
  }
  return undefined;
}
