/** A workflow of steps side by side, with retries, lists, a condition that does not hold and a failure that is allowed. */
export function makeFlow(random) {
  const pick = (list) => list[Math.floor(random() * list.length)];
  const steps = [];
  let layer = [];
  for (let depth = 0; depth < 3; depth++) {
    const names = Array.from({ length: 3 + Math.floor(random() * 3) }, (_, at) => `s${depth}${at}`);
    for (const name of names) {
      const need = layer.length === 0 ? '' : ` from {{${pick(layer)}}} and {{${pick(layer)}}}`;
      steps.push({ name, type: 'generate', prompt: `${name}${random() < 0.15 ? ' BUSY' : ''}${need}` });
    }
    layer = names;
  }
  const items = Array.from({ length: 2 + Math.floor(random() * 3) }, (_, at) => `item${at}`);
  steps.push(
    { name: 'list', type: 'generate', prompt: 'LIST' },
    {
      name: 'each',
      type: 'generate',
      foreach: items,
      prompt: `each {{item}}${random() < 0.3 ? ' BUSY' : ''} of {{${pick(layer)}}}`,
    },
    { name: 'found', type: 'generate', foreach: 'fromJSON(steps.list.output)', prompt: 'found {{item}}' },
    { name: 'refused', type: 'generate', prompt: 'REFUSE', continue_on_error: true },
    { name: 'never', type: 'generate', if: "steps.list.output == 'nothing'", prompt: 'never' },
    { name: 'sum', type: 'generate', prompt: 'sum of {{each}} {{found}} {{refused}} {{never}}' },
  );
  return { steps };
}
