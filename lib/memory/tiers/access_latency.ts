import type { AccessPath } from "../../catalog/mod.ts";
import type { Seconds } from "../../units/mod.ts";
import { requireAtLeast } from "../../units/mod.ts";

/** How long one access takes. */
export interface AccessLatency {
  readonly least: Seconds;
  readonly most: Seconds;
  /** Part by part, with where it begins when all take the least; for a figure. */
  readonly parts: readonly {
    readonly name: string;
    readonly begin: Seconds;
    readonly least: Seconds;
    readonly most: Seconds;
  }[];
}

/**
 * How long does one access take, from the load to its use? The sum of the parts of its way.
 *
 * A controller that turns a request around in less than 100 ns is one part of the sum. Before it lies the way out of the
 * device, behind it the memory itself: what is advertised is not what a program waits for.
 *
 * @param only Names of parts that are asked for. Default: all.
 * @throws {RangeError} when the path has no part of such a name, or a time is negative.
 * @example Panmnesia's controller, and the whole access
 * ```ts
 * import { assert } from "@std/assert";
 * import { findAccessPath } from "@fewer-bytes/catalog";
 * import { accessLatency } from "@fewer-bytes/memory";
 *
 * const path = findAccessPath("panmnesia-gpu");
 * assert(accessLatency(path, ["CXL controller, both ways"]).least < 100e-9); // the claim
 * assert(accessLatency(path).least > 200e-9); // load to use
 * ```
 */
export function accessLatency(
  { name: path, parts }: Pick<AccessPath, "name" | "parts">,
  only?: readonly string[],
): AccessLatency {
  const missing = only?.find((wanted) => !parts.some(({ name }) => name === wanted));
  if (missing !== undefined) {
    throw new RangeError(
      `Cannot sum the latency of ${path} as its parts are ${
        parts.map(({ name }) => name).join(", ")
      }: current value is ${missing}`,
    );
  }
  let least = 0, most = 0;
  const rows = parts.filter(({ name }) => !only || only.includes(name)).map((part) => {
    const begin = least;
    least += requireAtLeast(part.least, 0, `sum the latency of ${path}`, part.name);
    most += requireAtLeast(part.most, part.least, `sum the latency of ${path}`, part.name);
    return { ...part, begin };
  });
  return { least, most, parts: rows };
}
