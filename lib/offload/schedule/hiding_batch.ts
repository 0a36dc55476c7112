import type { Model } from "../../catalog/mod.ts";
import { formula } from "../../numeric/mod.ts";
import { type Formats, halfPrecision } from "../../transformer/mod.ts";
import {
  type BytesPerSecond,
  requireInteger,
  requirePositive,
  type Seconds,
  type TokensPerSecond,
} from "../../units/mod.ts";
import { blockStep } from "./block_step.ts";
import { type OffloadNode } from "./offload_node.ts";

/** The batch at which arithmetic hides the loading of weights, as it is printed and computed. */
export const hidingBatchFormula = formula("batch = peak * size / (2 * way)", {
  batch: "tokens that are computed with each weight that is loaded",
  peak: "operations per second of the device",
  size: "bytes of a weight: 2 at sixteen bits",
  way: "bytes per second of the way that weights come",
});

/**
 * How many tokens must share each load of the weights, so that arithmetic takes longer than loading? The ridge point of the
 * slow way: each weight costs its bytes once, and two operations for each token. It depends on no model. For a prompt it is
 * counted in tokens, for decoding in sequences.
 *
 * @param size Bytes of a weight. Default 2.
 * @throws {RangeError} when a value is not above zero.
 * @example A T4 behind PCIe 3, an H100 behind PCIe 5, and an H100 behind a fast SSD
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { hidingBatch } from "@fewer-bytes/offload";
 *
 * assertAlmostEquals(hidingBatch(65e12, 16e9), 4062.5, 1e-9);
 * assertAlmostEquals(hidingBatch(989.4e12, 64e9), 15_459, 1);
 * assertAlmostEquals(hidingBatch(989.4e12, 13e9), 76_108, 1);
 * ```
 */
export function hidingBatch(peak: number, way: BytesPerSecond, size = 2): number {
  requirePositive(peak, "find the hiding batch", "the peak");
  requirePositive(way, "find the hiding batch", "the way");
  requirePositive(size, "find the hiding batch", "the bytes of a weight");
  return peak * size / (2 * way);
}

/** Decoding with weights that are streamed: one point of the break-even. */
export interface StreamedPoint {
  /** Sequences that share each load of the weights. */
  readonly block: number;
  /** Of one step, that each would take alone. */
  readonly loading: Seconds;
  readonly computing: Seconds;
  readonly tokensPerSecond: TokensPerSecond;
}

/**
 * The points of a figure: how do tokens a second grow with the block, when weights come from host or disk in every step?
 * In proportion, as long as loading is the longer; beyond the break-even not at all. Caches are taken to lie where they are
 * attended to, and to move nowhere.
 *
 * @param from Where the weights lie.
 * @param blocks Sequences of a block, whole numbers.
 * @param gpuBatch Sequences that the device computes at once. Default: all of the block.
 * @throws {RangeError} when a value is out of range.
 * @example OPT-30B from the host of a T4: eight times the block is eight times the tokens, up to some 4,000 sequences
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { findHardware, findMemory, findModel } from "@fewer-bytes/catalog";
 * import { catalogNode, streamedCurve } from "@fewer-bytes/offload";
 *
 * const node = catalogNode({
 *   device: findHardware("nvidia-t4"), host: findHardware("intel-xeon-8480plus"), disk: findMemory("samsung-990-pro"),
 * });
 * const [few, some, many, most] = streamedCurve(findModel("opt-30b"), node, "host", 512, [64, 512, 4096, 32_768]);
 * assertAlmostEquals(some!.tokensPerSecond / few!.tokensPerSecond, 8, 1e-9);
 * assertAlmostEquals(most!.tokensPerSecond / many!.tokensPerSecond, 1, 0.01);
 * ```
 */
export function streamedCurve(
  model: Model,
  node: OffloadNode,
  from: "host" | "disk",
  context: number,
  blocks: readonly number[],
  { gpuBatch, formats = halfPrecision }: {
    readonly gpuBatch?: number;
    readonly formats?: Formats;
  } = {},
): StreamedPoint[] {
  const way = from === "host"
    ? node.rates.hostToDevice.weights
    : Math.min(node.rates.hostToDevice.weights, node.rates.diskToHost.weights);
  requirePositive(way, "stream weights", `the way from the ${from}`);
  requireInteger(context, 1, "stream weights", "the context");
  return blocks.map((block) => {
    requireInteger(block, 1, "stream weights", "a block");
    const one = Math.min(block, gpuBatch ?? block);
    const request = { promptTokens: context, outputTokens: 1 };
    const step = blockStep(model, request, { gpuBatch: one, batches: 1 }, "decode", formats);
    const whole = blockStep(model, request, { gpuBatch: block, batches: 1 }, "decode", formats);
    const products = step.rows.filter(({ bytes }) => bytes.cache === 0);
    const computing = block / one *
      products.reduce((sum, row) => sum + node.deviceSeconds(row, "decode"), 0);
    const loading = whole.weights / way;
    return {
      block,
      loading,
      computing,
      tokensPerSecond: block / Math.max(loading, computing),
    };
  });
}
