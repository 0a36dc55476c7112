import { type Deployment, estimate, type Request } from "../../roofline/mod.ts";
import { type BytesPerSecond, requirePositive, type TokensPerSecond } from "../../units/mod.ts";

/** A device with another bandwidth, and what it decodes. */
export interface ScaledBandwidth {
  readonly factor: number;
  readonly bandwidth: BytesPerSecond;
  readonly tokensPerSecond: TokensPerSecond;
  /** The slope between this point and the one before on a log-log plot: 1 where bandwidth is all that counts. */
  readonly exponent: number | undefined;
}

/**
 * How many tokens a second are gained by more bandwidth? The same deployment, with its main memory so many times as fast.
 *
 * While a step waits for memory, twice the bandwidth is twice the tokens: the exponent is 1. It falls as operators become
 * compute-bound one after another, and ends at 0.
 *
 * @param factors Rising, above zero.
 * @throws {RangeError} when a factor is not above zero, or they do not rise.
 * @example One sequence gains all the way; a thousand do not
 * ```ts
 * import { assert, assertAlmostEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { scaleBandwidth } from "@fewer-bytes/memory";
 *
 * const deployment = { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") };
 * const last = (batch: number) =>
 *   scaleBandwidth(deployment, { promptTokens: 100, outputTokens: 100, batch }, [1, 2])[1]!.exponent!;
 * assertAlmostEquals(last(1), 1, 1e-3);
 * assert(last(1024) < 0.5);
 * ```
 */
export function scaleBandwidth(
  deployment: Deployment,
  request: Request,
  factors: readonly number[],
): ScaledBandwidth[] {
  const { hardware } = deployment;
  const [main, ...others] = hardware.memory;
  const points: ScaledBandwidth[] = [];
  for (const factor of factors) {
    requirePositive(factor, "scale the bandwidth", "the factor");
    const before = points.at(-1);
    if (before && factor <= before.factor) {
      throw new RangeError(
        `Cannot scale the bandwidth as factors must rise: current value is ${factor} after ${before.factor}`,
      );
    }
    const bandwidth = factor * main.bandwidth;
    const { tokensPerSecond } = estimate({
      ...deployment,
      hardware: { ...hardware, memory: [{ ...main, bandwidth }, ...others] },
    }, request);
    points.push({
      factor,
      bandwidth,
      tokensPerSecond,
      exponent: before &&
        Math.log(tokensPerSecond / before.tokensPerSecond) / Math.log(factor / before.factor),
    });
  }
  return points;
}
