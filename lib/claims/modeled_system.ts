import type { LibraryFunction } from "./derivation.ts";

/** A function that models a system, with values on which it shows that it does. */
export interface ModeledSystem {
  readonly by: LibraryFunction;
  readonly show: () => unknown;
}

/** Names the function, and runs it on its example when it is to be shown. */
export function modeled<By extends LibraryFunction>(
  by: By,
  example: (run: By) => unknown,
): ModeledSystem {
  return { by, show: () => example(by) };
}
