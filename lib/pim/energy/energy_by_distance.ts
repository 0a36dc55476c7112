import { movementEnergies, operationEnergies } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import { type Joules, requirePositive } from "../../units/mod.ts";

/** Energy of a multiply-add with its operand, as it is printed and computed. */
export const energyFormula = formula("energy = bits * move / reuse + operation", {
  energy: "joules for one multiply-add",
  bits: "of the operand that is read",
  move: "joules to bring one bit so far",
  reuse: "multiply-adds that use an operand once it is there",
  operation: "joules of the multiply-add itself",
});

/** How far a bit goes from its cell until it is multiplied. */
export const distances = ["bank", "bank group", "logic die", "processor"] as const;
/** How far a bit goes from its cell until it is multiplied. */
export type Distance = typeof distances[number];

/** The steps of the way, in their order; each distance goes so many of them. */
const steps = ["row", "cell", "bank group", "channel", "via", "interposer"] as const;
const stepsTo: Record<Distance, number> = {
  "bank": 2,
  "bank group": 3,
  "logic die": 5,
  "processor": 6,
};

/**
 * What does it cost to bring one bit from its cell to where it is multiplied? In HBM2 half a picojoule to the edge of its
 * bank, 3.3 to the logic die, 3.6 to the processor: nearly all of the way is across the memory's own die. Estimates, from
 * Fine-Grained DRAM (MICRO 2017).
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { joulesPerBit } from "@fewer-bytes/pim";
 *
 * assertAlmostEquals(joulesPerBit("bank"), 0.55e-12, 1e-18);
 * assertAlmostEquals(joulesPerBit("processor"), 3.59e-12, 1e-18);
 * ```
 */
export function joulesPerBit(distance: Distance): Joules {
  const count = stepsTo[distance];
  if (count === undefined) {
    throw new RangeError(
      `Cannot tell an energy as the distance must be one of ${
        distances.join(", ")
      }: current value is ${JSON.stringify(distance)}`,
    );
  }
  return steps.slice(0, count).reduce(
    (sum, id) => sum + movementEnergies.find((fact) => fact.id === id)!.joules,
    0,
  );
}

/** What is multiplied. */
export interface MultiplyAdd {
  /** Bits of the operand that comes from memory. */
  readonly bits: number;
  /** The format of the arithmetic, as in {@linkcode operationEnergies}. */
  readonly format: "fp32" | "fp16" | "int8";
  /** Multiply-adds for which an operand is used once it is there: the batch, or queries to a key. Default 1. */
  readonly reuse?: number;
}

/**
 * What does a multiply-add cost, with its way? At batch 1 a 16-bit weight costs 57 pJ to bring to a processor and 1.5 to
 * use: the bits' way is nearly all of it, and with units in the banks it is six times less. Used 64 times, the way counts
 * less than the arithmetic, wherever that is done. So memory that computes saves energy where it saves time: where
 * each byte is used once or a few times.
 *
 * @throws {RangeError} when a value is out of range.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { multiplyAddJoules } from "@fewer-bytes/pim";
 *
 * const gain = (reuse: number) =>
 *   multiplyAddJoules("processor", { bits: 16, format: "fp16", reuse }) /
 *   multiplyAddJoules("bank", { bits: 16, format: "fp16", reuse });
 * assertAlmostEquals(gain(1), 5.7, 0.05);
 * assertAlmostEquals(gain(64), 1.5, 0.05);
 * ```
 */
export function multiplyAddJoules(
  distance: Distance,
  { bits, format, reuse = 1 }: MultiplyAdd,
): Joules {
  requirePositive(bits, "tell an energy", "bits");
  requirePositive(reuse, "tell an energy", "reuse");
  const operation = operationEnergies.find((fact) => fact.id === format);
  if (!operation) {
    throw new RangeError(
      `Cannot tell an energy as the format must be one of ${
        operationEnergies.map((fact) => fact.id).join(", ")
      }: current value is ${JSON.stringify(format)}`,
    );
  }
  return bits * joulesPerBit(distance) / reuse + operation.joules;
}
