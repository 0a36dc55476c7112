/** Node's name for the method that says what console.log() shows; Deno and the notebooks follow it. */
const shown = Symbol.for("nodejs.util.inspect.custom");

/**
 * A list or an object that is read when something in it is first asked for, so that a program that asks for nothing does
 * not wait for the data to be checked.
 *
 * Until then it has the keys of the raw data, each with a getter. The first that is asked for reads the whole, and all
 * of them become plain values.
 *
 * @param raw What the file holds: it says which keys there are.
 * @param read Reads and checks it. What it throws, the one who asked first gets.
 */
export function readWhenAsked<Facts extends object>(raw: object, read: () => Facts): Facts {
  const facts = (Array.isArray(raw) ? [] : {}) as Record<PropertyKey, unknown> & Facts;
  const fill = (): Facts => {
    const values = Object.entries(read());
    delete facts[shown];
    for (const [key, value] of values) {
      Object.defineProperty(facts, key, { value, writable: true });
    }
    return facts;
  };
  for (const key of Object.keys(raw)) {
    Object.defineProperty(facts, key, {
      configurable: true,
      enumerable: true,
      get: () => fill()[key as keyof Facts],
    });
  }
  Object.defineProperty(facts, shown, { configurable: true, value: fill });
  return facts;
}
