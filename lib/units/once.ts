/**
 * Makes a function that computes at its first call and remembers: what nobody asks for costs nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { once } from "@fewer-bytes/units";
 *
 * let computed = 0;
 * const answer = once(() => ++computed);
 * assertEquals([computed, answer(), answer()], [0, 1, 1]);
 * ```
 */
export function once<Value>(compute: () => Value): () => Value {
  let known: { readonly value: Value } | undefined;
  return () => (known ??= { value: compute() }).value;
}
