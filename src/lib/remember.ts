/** The same function, asked once for each argument: for pure functions whose arguments come again and again. */
export function remember<Argument, Result extends string | number | object>(
  find: (argument: Argument) => Result,
): (argument: Argument) => Result {
  const known = new Map<Argument, Result>();
  return (argument) => {
    const result = known.get(argument) ?? find(argument);
    known.set(argument, result);
    return result;
  };
}
