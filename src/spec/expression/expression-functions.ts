/** The functions of expressions as they are written, and what each gives. */
export const expressionFunctions: Readonly<Record<string, { values: string; meaning: string }>> = {
  success: { values: '', meaning: 'true when no step it needs failed, or was skipped for that' },
  failure: { values: '', meaning: 'true when a step it needs failed, or was skipped for that' },
  always: { values: '', meaning: 'true' },
  contains: {
    values: 'where, what',
    meaning: 'whether a text holds another one, or a list an element; case makes no difference',
  },
  startsWith: { values: 'text, start', meaning: 'whether a text begins with another one; case makes no difference' },
  endsWith: { values: 'text, end', meaning: 'whether a text ends with another one; case makes no difference' },
  format: { values: "'{0} of {1}', a, b", meaning: 'the text with the values put in' },
  join: {
    values: 'list, sign',
    meaning: 'the elements of a list in one text, with the sign (else a comma) between them',
  },
  fromJSON: { values: 'text', meaning: 'the value a JSON text stands for: its fields and elements can be taken' },
  toJSON: { values: 'value', meaning: 'a value as JSON text' },
  case: { values: 'if, a, …, else', meaning: 'the value behind the first condition that is true, else the last one' },
};
