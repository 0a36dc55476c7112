import type { LibraryFunction } from "./derivation.ts";

/** A function that models a system, with values on which it shows that it does. */
export interface ModeledSystem {
  readonly by: LibraryFunction;
  readonly show: () => unknown;
}

/** Names the function and the values. */
export function modeled<Values extends unknown[]>(
  by: (...values: Values) => unknown,
  ...example: Values
): ModeledSystem {
  return { by, show: () => by(...example) };
}
