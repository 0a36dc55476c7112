import type { Floats } from "../../numeric/mod.ts";
import { hadamardPlan } from "./hadamard.ts";
import { paley } from "./paley.ts";

/**
 * How is a Hadamard rotation applied while the model runs? Not as a matrix: n² multiplications become n·log₂(n)
 * additions, by adding and subtracting halves, then quarters, and so on (the fast Walsh–Hadamard transform).
 *
 * Only the power-of-two part of an order is fast; what is left, 12 for 192, is multiplied as it is: n·(log₂(n/12) + 12).
 *
 * @param x Rows of `order` numbers each, one after the other. Each row x becomes `x·H/√n`, in place.
 * @param options With `inverse` it becomes `x·Hᵀ/√n`, which undoes the former.
 * @throws {RangeError} when there is no such order, or the numbers are not whole rows.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hadamardTransform } from "@fewer-bytes/quantization";
 *
 * const x = Float32Array.of(0, 8, 0, 0);
 * hadamardTransform(x, 4);
 * assertEquals([...x], [4, -4, 4, -4]);
 * ```
 */
export function hadamardTransform(
  x: Floats,
  order: number,
  { inverse = false }: { readonly inverse?: boolean } = {},
): void {
  const { base } = hadamardPlan(order);
  if (x.length % order !== 0) {
    throw new RangeError(
      `Cannot transform as the numbers must be whole rows of ${order}: current length is ${x.length}`,
    );
  }
  const small = base === 1 ? undefined : inverse ? paley(base).transpose() : paley(base);
  const before = new Float64Array(base);
  const scale = 1 / Math.sqrt(order);
  for (let start = 0; start < x.length; start += order) {
    const row = x.subarray(start, start + order);
    for (let half = base; half < order; half *= 2) addAndSubtract(row, half);
    if (!small) {
      for (let i = 0; i < order; i++) row[i]! *= scale;
      continue;
    }
    for (let block = 0; block < order; block += base) {
      before.set(row.subarray(block, block + base));
      for (let j = 0; j < base; j++) {
        let sum = 0;
        for (let i = 0; i < base; i++) sum += before[i]! * small.data[i * base + j]!;
        row[block + j] = sum * scale;
      }
    }
  }
}

/** One level of the butterfly: pairs at a distance of `half` become their sum and their difference. */
function addAndSubtract(row: Floats, half: number): void {
  for (let block = 0; block < row.length; block += 2 * half) {
    for (let i = block; i < block + half; i++) {
      const [a, b] = [row[i]!, row[i + half]!];
      row[i] = a + b;
      row[i + half] = a - b;
    }
  }
}
