/** A table as Ollama's CLI prints it: no lines, blanks behind the widest cell of each column. */
export async function formatTable(rows: readonly (readonly string[])[], gap = 4): Promise<string> {
  const widthOf = await chooseWidthOf(rows);
  const widths: number[] = [];
  for (const row of rows) {
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, widthOf(cell))));
  }
  const pad = (cell: string, column: number) => cell + ' '.repeat((widths[column] ?? 0) - widthOf(cell) + gap);
  return rows.map((row) => `${row.map(pad).join('').trimEnd()}\n`).join('');
}

/** Measuring other writings needs tables that take longer to load than a short command runs. */
async function chooseWidthOf(rows: readonly (readonly string[])[]): Promise<(text: string) => number> {
  const isAscii = rows.every((row) => row.every((cell) => /^[\x20-\x7e]*$/.test(cell)));
  return isAscii ? (text) => text.length : (await import('string-width')).default;
}
