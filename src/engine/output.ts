/** What a task leaves for those that need it. */
export interface Output {
  /** Its prompt, as sent. */
  input: string;
  /** Empty for a task that did not succeed. */
  text: string;
  structured?: unknown;
  /** Of a `foreach` step: what its items left, in their order. */
  items?: readonly Output[] | undefined;
}
