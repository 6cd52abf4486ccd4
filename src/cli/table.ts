import stringWidth from 'string-width';

/** A table as Ollama's CLI prints it: no lines, 4 blanks behind the widest cell of each column. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, stringWidth(cell))));
  }
  const pad = (cell: string, column: number) => cell + ' '.repeat((widths[column] ?? 0) - stringWidth(cell) + gap);
  return rows.map((row) => `${row.map(pad).join('').trimEnd()}\n`).join('');
}

const gap = 4;
