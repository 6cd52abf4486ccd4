/** What a model is told about an answer that is not the JSON it was to be. */
export function repairRequest(reason: string): string {
  return `This is not the JSON that was asked for: ${reason}. Answer with the corrected JSON document and nothing else.`;
}
