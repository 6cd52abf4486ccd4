/** Kinds of work, found by looking at a prompt. */
export const kinds = ['code', 'math', 'writing', 'chat', 'extraction', 'translation', 'embedding', 'other'] as const;

export type Kind = (typeof kinds)[number];
