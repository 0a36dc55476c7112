import { Matrix, type Random } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { rotateRows } from "../positions/rotary.ts";
import { columns, project, sideBySide } from "./columns.ts";

/** The widths of a latent attention. In DeepSeek-V2 and V3: 128 heads, 128 + 64 for keys, 128 for values, a latent of 512. */
export interface LatentDimensions {
  readonly hiddenSize: number;
  readonly heads: number;
  /** Width of the latent that keys and values come from. */
  readonly keyValueRank: number;
  /** Width of the key that carries the position; all heads share it. */
  readonly rotaryDimension: number;
  /** Width of a head's key without the rotary part. */
  readonly keyDimension: number;
  readonly valueDimension: number;
}

/** A latent attention with its weights, each of `outputs` rows of `inputs` numbers. */
export interface LatentAttentionLayer extends LatentDimensions {
  /** To each head's query: the part without a position, then the rotary part. */
  readonly queries: Matrix;
  /** To the latent, then to the shared rotary key. */
  readonly down: Matrix;
  /** From the latent to each head's key, then its value. */
  readonly up: Matrix;
  readonly output: Matrix;
}

/** A latent attention with random weights that keep the size of what passes them. */
export function randomLatentAttention(
  dimensions: LatentDimensions,
  random: Random,
): LatentAttentionLayer {
  for (const [name, size] of Object.entries(dimensions)) {
    requireInteger(size, 1, "make a latent attention", name);
  }
  const { hiddenSize, heads, keyValueRank, rotaryDimension, keyDimension, valueDimension } =
    dimensions;
  const matrix = (outputs: number, inputs: number) =>
    new Matrix(
      outputs,
      inputs,
      Float64Array.from({ length: outputs * inputs }, () => random.normal() / Math.sqrt(inputs)),
    );
  return {
    ...dimensions,
    queries: matrix(heads * (keyDimension + rotaryDimension), hiddenSize),
    down: matrix(keyValueRank + rotaryDimension, hiddenSize),
    up: matrix(heads * (keyDimension + valueDimension), keyValueRank),
    output: matrix(hiddenSize, heads * valueDimension),
  };
}

/**
 * What does latent attention keep of each token? One latent, normalized, and one rotary key: 512 + 64 = 576 values in
 * DeepSeek-V2, where the keys and values of its 128 heads would be 128 · (192 + 128) = 40,960.
 *
 * @param x Hidden states, one token in each row.
 * @param start The position of the first. Default 0.
 * @returns One row for each token: all that attention reads later.
 * @example Six values of a token, whatever the heads
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 * import { latentCache, randomLatentAttention } from "@fewer-bytes/attention";
 *
 * const layer = randomLatentAttention({
 *   hiddenSize: 8, heads: 16, keyValueRank: 4, rotaryDimension: 2, keyDimension: 3, valueDimension: 3,
 * }, seeded(1));
 * assertEquals(latentCache(layer, Matrix.zeros(10, 8)).columns, 4 + 2);
 * ```
 */
export function latentCache(
  layer: LatentAttentionLayer,
  x: Matrix,
  start = 0,
): Matrix<Float64Array> {
  const both = project(x, layer.down);
  const latent = columns(both, 0, layer.keyValueRank);
  for (let row = 0; row < latent.rows; row++) {
    const values = latent.row(row);
    const mean = values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
    latent.data.set(values.map((value) => value / Math.sqrt(mean + 1e-6)), row * latent.columns);
  }
  const key = columns(both, layer.keyValueRank, layer.rotaryDimension);
  return sideBySide([latent, rotateRows(key, { positions: start, pairing: "interleaved" })]);
}
