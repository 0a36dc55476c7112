/** Small measures that several derivations share; all counting is done by the rooms before this one. */
import type { Hardware, Model } from "../catalog/mod.ts";
import { type Efficiency, stepTime } from "../roofline/mod.ts";
import { type Operator, operators, type Step, sumOperators } from "../transformer/mod.ts";

/** One token for each of some sequences. */
export function decodeStep(context: number, batch = 1): Step {
  return { phase: "decode", batch, newTokens: 1, context };
}

/** One whole prompt. */
export function prefillStep(newTokens: number): Step {
  return { phase: "prefill", batch: 1, newTokens, context: 0 };
}

/** The sums over the operators of a step. */
export function totals(model: Model, step: Step): ReturnType<typeof sumOperators> {
  return sumOperators(operators(model, step));
}

/** Products with weights: no attention, nothing that works on each value alone. */
export function weightProducts(rows: readonly Operator[]): Operator[] {
  return rows.filter(({ flops, bytes, precision }) =>
    flops > 0 && bytes.weights > 0 && precision !== "fp32"
  );
}

/** An operator that moves other bytes of weights. */
export function movingWeights(row: Operator, change: (bytes: number) => number): Operator {
  return { ...row, bytes: { ...row.bytes, weights: change(row.bytes.weights) } };
}

/** The time that the arithmetic of a step would take alone, over the time that its bytes would take alone. */
export function computeOverMemory(
  rows: readonly Operator[],
  hardware: Hardware,
  efficiency?: Efficiency,
): number {
  let compute = 0, memory = 0;
  for (const time of stepTime(rows, hardware, efficiency).operators) {
    compute += time.compute;
    memory += time.memory;
  }
  return compute / memory;
}

/** The exponent with which a function grows, between a place and its double. */
export function exponent(grows: (at: number) => number, at: number): number {
  return Math.log2(grows(2 * at) / grows(at));
}

/** The smallest whole number for which something that stays true becomes true; Infinity when none below a million is. */
export function smallest(holds: (count: number) => boolean): number {
  let high = 1;
  while (!holds(high)) {
    high *= 2;
    if (high > 2 ** 20) return Infinity;
  }
  let low = high / 2;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) high = middle;
    else low = middle;
  }
  return high;
}

/** A computed number as the texts of claims show it: with three digits, or with so many decimals. */
export function shown(value: number, decimals?: number): string {
  return decimals === undefined ? value.toPrecision(3) : value.toFixed(decimals);
}
