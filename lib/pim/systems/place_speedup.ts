import { type Hardware, layerCount, type PimDevice } from "../../catalog/mod.ts";
import { stepTime } from "../../roofline/mod.ts";
import { operators } from "../../transformer/mod.ts";
import { type BytesPerSecond, requirePositive, type Seconds } from "../../units/mod.ts";
import type { DecodingModel } from "../assignment/speedup_by_batch.ts";
import { pimTime } from "../device/pim_time.ts";

/** What stands behind a headline. */
export interface PlacedSpeedup {
  /** Internal bandwidth for each byte a second of the baseline. */
  readonly bandwidthRatio: number;
  /** What rooflines give at batch 1: both at their best. */
  readonly expected: number;
  /** The rest of the headline: what the baseline does not reach of its own roofline. */
  readonly unexplained: number;
  /** How long the baseline must have taken for a token, if the memory took what its roofline says. */
  readonly baselineSeconds: Seconds;
  /** The same for each layer. */
  readonly baselineSecondsPerLayer: Seconds;
  /** The bandwidth that the baseline then reached. */
  readonly baselineBandwidth: BytesPerSecond;
}

/** Who is compared with whom. */
export interface SpeedupPair {
  readonly baseline: Hardware;
  readonly device: PimDevice;
}

/**
 * How much of a headline is the memory, and how much the baseline? A token at batch 1 is all reading, so the memory can be
 * faster by the ratio of bandwidths, less what opening rows costs. Whatever a headline claims beyond that, the baseline
 * lost: launches of kernels that are too small, an old card, a framework.
 *
 * PIM-GPT is 41 to 137 times as fast as a T4 on models of 0.1 to 1.4 billion parameters. Were 137 the smallest and 41 the
 * largest, both would say the same: 1.2 ms for each layer, whatever its width, or 30 µs for each of some forty kernels.
 * That is a baseline which launches, not one which reads.
 *
 * @param claimed The headline.
 * @throws {RangeError} when it is not above zero.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findModel, findPim } from "@fewer-bytes/catalog";
 * import { placeSpeedup } from "@fewer-bytes/pim";
 *
 * const pair = { baseline: findHardware("nvidia-t4"), device: findPim("pim-gpt") };
 * const placed = placeSpeedup({ model: findModel("gpt2-xl"), context: 1024 }, pair, 41);
 * assertAlmostEquals(placed.bandwidthRatio, 12.8, 1e-9);
 * assertAlmostEquals(placed.expected, 7.5, 0.1);
 * assertAlmostEquals(placed.unexplained, 5.5, 0.1);
 * ```
 */
export function placeSpeedup(
  { model, context, formats }: DecodingModel,
  { baseline, device }: SpeedupPair,
  claimed: number,
): PlacedSpeedup {
  requirePositive(claimed, "place a speedup", "the claimed speedup");
  const step = { phase: "decode", batch: 1, newTokens: 1, context } as const;
  const table = operators(model, step, formats ? { formats } : {});
  const roofline = stepTime(table, baseline).seconds;
  const inside = table.reduce((sum, row) => sum + pimTime(row, device).seconds, 0);
  const expected = roofline / inside;
  const baselineSeconds = claimed * inside;
  return {
    bandwidthRatio: device.memory[0].bandwidth / baseline.memory[0].bandwidth,
    expected,
    unexplained: claimed / expected,
    baselineSeconds,
    baselineSecondsPerLayer: baselineSeconds / layerCount(model),
    baselineBandwidth: baseline.memory[0].bandwidth * roofline / baselineSeconds,
  };
}
