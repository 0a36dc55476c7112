import { Matrix, type Random } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { hasPaley, paley } from "./paley.ts";

/** A square matrix in double precision, as rotations are kept until they are merged. */
export type Rotation = Matrix<Float64Array<ArrayBuffer>>;

/** An order taken apart: a matrix of order `base`, doubled until `base · 2^doublings` is reached. */
interface HadamardPlan {
  readonly base: number;
  readonly doublings: number;
}

/** The plan with the smallest base, because the fast transform saves most on doublings. */
function planOf(order: number): HadamardPlan | undefined {
  if (!Number.isInteger(order) || order < 1) return undefined;
  let plan: HadamardPlan | undefined;
  for (let base = order, doublings = 0;; base /= 2, doublings++) {
    if (base === 1 || hasPaley(base)) plan = { base, doublings };
    if (base % 2 !== 0) return plan;
  }
}

/**
 * Which orders of Hadamard matrices can the course make, up to a limit? Powers of two, and those times an order that
 * Paley's constructions reach, such as 12, 20, 28, 36 or 60. (A Hadamard matrix of any other order than 1, 2 or a
 * multiple of 4 cannot exist; whether all multiples of 4 have one is open.)
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hadamardOrders } from "@fewer-bytes/quantization";
 *
 * assertEquals(hadamardOrders(30), [1, 2, 4, 8, 12, 16, 20, 24, 28]);
 * ```
 */
export function hadamardOrders(limit: number): number[] {
  requireInteger(limit, 1, "list Hadamard orders", "the limit");
  return Array.from({ length: limit }, (_, index) => index + 1).filter((order) => planOf(order));
}

/** The plan for an order, or a refusal that names the orders close by. */
export function hadamardPlan(order: number): HadamardPlan {
  const plan = planOf(requireInteger(order, 1, "make a Hadamard matrix", "the order"));
  if (plan) return plan;
  const possible = hadamardOrders(2 * order);
  const above = possible.findIndex((other) => other > order);
  throw new RangeError(
    `Cannot make a Hadamard matrix as the order must be a power of two, or one times an order of Paley's: current value is ${order}, possible ones near it are ${
      possible.slice(Math.max(0, above - 3), above + 3).join(", ")
    }`,
  );
}

/**
 * What is a Hadamard matrix? A square of +1 and −1 with perpendicular rows: `H·Hᵀ = n·I`. Divided by √n it is a rotation
 * that spreads each number over all n places with equal weight, the best cure for an outlier.
 *
 * From one of order n, Sylvester (1867) makes one of 2n: `[H H; H −H]`. The start is 1, or a matrix of {@linkcode paley}
 * where the order has an odd factor: hidden size 192 is 2⁴ · 12.
 *
 * @throws {RangeError} when no construction is known here; the message lists possible orders near it.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { hadamard } from "@fewer-bytes/quantization";
 *
 * assertEquals(hadamard(2).toRows(), [[1, 1], [1, -1]]);
 * ```
 */
export function hadamard(order: number): Rotation {
  const { base, doublings } = hadamardPlan(order);
  const small = base === 1 ? Matrix.from([[1]]) : paley(base);
  const result = new Matrix(order, order, new Float64Array(order * order));
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < order; j++) {
      // The Kronecker product of Sylvester's matrix, whose sign is the parity of the bits in common, with the small one.
      let common = Math.floor(i / base) & Math.floor(j / base);
      let sign = 1;
      for (let bit = 0; bit < doublings; bit++, common >>= 1) if (common & 1) sign = -sign;
      result.set(i, j, sign * small.get(i % base, j % base));
    }
  }
  return result;
}

/**
 * A rotation at random, with even weights: signs thrown for each channel, then a Hadamard matrix, over √n.
 *
 * Without the signs the matrix always sends the same pattern, such as equal numbers everywhere, into a single channel:
 * an outlier made, not cured. With them no fixed pattern of a model can meet its nemesis but by chance (QuIP#, Tseng et
 * al. 2024; QuaRot, Ashkboos et al. 2024).
 *
 * @param random The source of the signs; the same seed gives the same rotation.
 * @returns R with R·Rᵀ = I, to be applied to rows: `x·R`.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 * import { randomHadamard } from "@fewer-bytes/quantization";
 *
 * const outlier = Matrix.from([[0, 8, 0, 0]]);
 * const rotated = outlier.multiply(randomHadamard(4, seeded(1)));
 * for (const value of rotated.data) assertAlmostEquals(Math.abs(value), 4); // the same energy, in four places
 * ```
 */
export function randomHadamard(order: number, random: Random): Rotation {
  const matrix = hadamard(order);
  const signs = Array.from({ length: order }, () => random.uniform() < 0.5 ? -1 : 1);
  return matrix.map((value, index) => value * signs[Math.floor(index / order)]! / Math.sqrt(order));
}
