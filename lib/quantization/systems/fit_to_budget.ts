import type { WeightTransform } from "../../lm/mod.ts";
import { type Bytes, requireAtLeast } from "../../units/mod.ts";
import type { BitStack } from "./bit_stack.ts";

/** As much of a stack as was loaded. */
export interface FittedStack {
  /** What it takes. */
  readonly bytes: Bytes;
  /** Blocks of each matrix. */
  readonly levels: ReadonlyMap<string, number>;
  /** Puts the matrices of the stack into a model, as `loadModel("target", transform)`; others stay as they are. */
  readonly transform: WeightTransform;
}

/**
 * How much of a stacked model fits into so many bytes? The blocks in their order, up to the first that does not fit.
 *
 * Nothing is made anew for a budget: with more memory the next blocks are loaded, with less the last ones are dropped.
 *
 * @throws {RangeError} when not even the first block of every matrix fits.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fitToBudget, makeBitStack } from "@fewer-bytes/quantization";
 *
 * const data = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i));
 * const stack = makeBitStack([{ name: "w", outputs: 8, inputs: 8, data }], { levels: 2 });
 * assertEquals(fitToBudget(stack, stack.largest - 1).levels.get("w"), 1);
 * ```
 */
export function fitToBudget(stack: BitStack, budget: Bytes): FittedStack {
  requireAtLeast(budget, 0, "fit a model", "the budget in bytes");
  if (budget < stack.smallest) {
    throw new RangeError(
      `Cannot fit a model as the budget must be at least ${stack.smallest} bytes, one block for each matrix: current value is ${budget}`,
    );
  }
  const levels = new Map<string, number>();
  let used = 0;
  for (const { name, bytes } of stack.order) {
    if (used + bytes > budget) break;
    used += bytes;
    levels.set(name, (levels.get(name) ?? 0) + 1);
  }
  return {
    bytes: used,
    levels,
    transform: ({ name, data }) => {
      const count = levels.get(name);
      return count === undefined ? data : stack.compose(name, count);
    },
  };
}
