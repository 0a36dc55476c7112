import { Matrix } from "../../numeric/mod.ts";
import { type Bytes, requireAtLeast, requirePositive } from "../../units/mod.ts";
import { normalFloat4Double } from "../codebooks/normal_float.ts";
import type { BlockFormat } from "../formats/block_format.ts";

/** What is held in memory while a model is fine-tuned. Activations, which depend on the batch, come on top. */
export interface FineTuningBytes {
  /** The frozen weights. */
  readonly base: Bytes;
  /** The weights that change, in 16 bits. */
  readonly trained: Bytes;
  /** A gradient for each of those, in 16 bits. */
  readonly gradients: Bytes;
  /** Adam's two moments for each of those, in 32 bits. */
  readonly optimizer: Bytes;
  readonly total: Bytes;
}

/**
 * Why can a model be fine-tuned on a single device in four bits, and not without? Since the base is only read, it can be
 * rounded once and kept so (QLoRA, Dettmers et al. 2023): NormalFloat with double quantization, 4.127 bits a weight. It
 * is widened layer by layer for the multiplication, and gradients flow through it to 16-bit adapters.
 *
 * @param weights The matrix to freeze; its values must fill whole blocks of the format.
 * @returns What is left of it, in the same shape.
 * @throws {RangeError} when they do not, or a value is not finite.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { freezeBase } from "@fewer-bytes/quantization";
 *
 * const frozen = freezeBase(Matrix.zeros(2, 64).map((_, i) => Math.sin(i)));
 * assertAlmostEquals(frozen.get(0, 1), Math.sin(1), 0.15); // one of 16 levels
 * ```
 */
export function freezeBase(
  weights: Matrix<Float32Array>,
  format: BlockFormat = normalFloat4Double,
): Matrix<Float32Array<ArrayBuffer>> {
  return new Matrix(weights.rows, weights.columns, format.roundTrip(weights.data));
}

/**
 * How many numbers does an adapter of this rank train? `rank · (outputs + inputs)`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { adapterParameters } from "@fewer-bytes/quantization";
 *
 * assertEquals(adapterParameters(4096, 4096, 16) / 4096 ** 2, 1 / 128);
 * ```
 */
export function adapterParameters(outputs: number, inputs: number, rank: number): number {
  return rank * (outputs + inputs);
}

/**
 * What does fine-tuning hold in memory? A trained weight takes 12 bytes: 2 for itself, 2 for its gradient, 8 for the
 * optimizer. A frozen one takes its own bits. So full fine-tuning of 65 billion weights takes 780 GB, and QLoRA of the
 * same, 34 GB and a little.
 *
 * Frameworks that keep a 32-bit copy of what is trained take 4 bytes more each; neither is wrong, so say which is meant.
 *
 * @param weights Weights of the model.
 * @param trained How many numbers are trained: all weights (the same number) for full fine-tuning, or those of adapters.
 * @param baseBits Bits of a frozen weight. Default: those of NF4 with double quantization; 16 is plain LoRA.
 * @throws {RangeError} for a number that is negative or not finite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fineTuningBytes } from "@fewer-bytes/quantization";
 *
 * assertEquals(fineTuningBytes({ weights: 65e9, trained: 65e9 }).total, 780e9);
 * ```
 */
export function fineTuningBytes({ weights, trained, baseBits = normalFloat4Double.bitsPerValue }: {
  readonly weights: number;
  readonly trained: number;
  readonly baseBits?: number;
}): FineTuningBytes {
  requirePositive(weights, "count the bytes of fine-tuning", "the number of weights");
  requireAtLeast(trained, 0, "count the bytes of fine-tuning", "the number of trained weights");
  requirePositive(baseBits, "count the bytes of fine-tuning", "the bits of a frozen weight");
  const base = trained === weights ? 0 : weights * baseBits / 8;
  const [own, gradients, optimizer] = [2 * trained, 2 * trained, 8 * trained];
  return { base, trained: own, gradients, optimizer, total: base + own + gradients + optimizer };
}
