/** How a state-space model in continuous time becomes one in steps. */
export type Discretization = "euler" | "zero-order hold";

/**
 * By what is a state multiplied in one step, and by what is the input multiplied that is added?
 *
 * @param step Δ, above 0.
 * @param decay A, below 0.
 * @param write B.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { discretize } from "@fewer-bytes/attention";
 *
 * const { keep, add } = discretize(0.1, -1, 2);
 * assertAlmostEquals(keep, Math.exp(-0.1));
 * assertAlmostEquals(add, 0.1 * 2);
 * ```
 */
export function discretize(
  step: number,
  decay: number,
  write: number,
  discretization: Discretization = "euler",
): { readonly keep: number; readonly add: number } {
  const keep = Math.exp(step * decay);
  // expm1 keeps its digits where ΔA is small, where keep − 1 would lose them.
  const held = decay === 0 ? step : Math.expm1(step * decay) / decay;
  return { keep, add: (discretization === "euler" ? step : held) * write };
}
