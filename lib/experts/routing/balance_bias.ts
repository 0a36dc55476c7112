import { requirePositive, type Tokens } from "../../units/mod.ts";

/**
 * The next bias of each expert, after a step of training: those with more tokens than the mean go down by a fixed amount,
 * those with fewer go up. No loss pulls at the router, and the weights of outputs stay what they were.
 *
 * Source: DeepSeek-AI, "DeepSeek-V3 Technical Report" (arXiv 2412.19437), section 2.1.2; its step is 0.001.
 *
 * @param loads Tokens of each expert in the last step.
 * @throws {TypeError} when there is not one load for each bias.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { balanceBias } from "@fewer-bytes/experts";
 *
 * assertEquals(balanceBias([0, 0, 0], [5, 2, 2], 0.001), [-0.001, 0.001, 0.001]);
 * ```
 */
export function balanceBias(
  bias: readonly number[],
  loads: readonly Tokens[],
  step = 0.001,
): number[] {
  requirePositive(step, "balance loads", "the step");
  if (bias.length !== loads.length) {
    throw new TypeError(
      `Cannot balance loads as there must be one for each of ${bias.length} biases: current length is ${loads.length}`,
    );
  }
  const mean = loads.reduce((a, b) => a + b, 0) / loads.length;
  return bias.map((value, expert) => value + step * Math.sign(mean - loads[expert]!));
}
