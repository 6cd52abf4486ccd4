// What a perfect order could reach on one server with room for one model.

/**
 * The fewest loads of all orders, found by trying them: every sequence of models, each of which does all that can be done
 * while it is there. To leave a model before gains nothing, so that no order is better than the best of these.
 * @param {{name: string, model: string, needs: string[]}[]} tasks at most 31
 */
export function fewestLoads(tasks) {
  if (tasks.length > 31) throw new Error('sets of tasks are kept in 31 bits');
  const models = [...new Set(tasks.map(({ model }) => model))];
  const bitOf = new Map(tasks.map(({ name }, index) => [name, 1 << index]));
  const steps = tasks.map(({ name, model, needs }) => ({
    model,
    bit: bitOf.get(name),
    needs: needs.reduce((bits, need) => bits | bitOf.get(need), 0),
  }));
  const all = 2 ** tasks.length - 1;
  let reached = new Set([0]);
  for (let loads = 0; ; loads += 1) {
    if (reached.has(all)) return loads;
    reached = new Set([...reached].flatMap((done) => models.map((model) => drained(done, model, steps))));
  }
}

function drained(done, model, steps) {
  const next = steps.find((step) => step.model === model && !(done & step.bit) && (done & step.needs) === step.needs);
  return next ? drained(done | next.bit, model, steps) : done;
}

/**
 * The least time: with one slot and room for one model, answers and loads come one after another, so that the sum of the
 * answers and of the fewest loads is a bound, and one that the best order reaches. It is never below the longest way
 * through a graph.
 */
export function leastSeconds(tasks, loads, { loadSeconds, answerSeconds }) {
  return loads * loadSeconds + tasks.length * answerSeconds;
}
