import { Matrix } from "../../numeric/mod.ts";
import {
  type AttentionInputs,
  type AttentionOptions,
  attentionShape,
  keysSeen,
} from "./attention_inputs.ts";
import type { Tile } from "./tile.ts";
import { accumulateTile, multiplyTile } from "./tile_kernel.ts";

/**
 * What if no weight depended on the other keys? Sigmoid attention: σ(q·k · scale + bias) for each pair by itself. No row
 * maximum, no row sum, nothing to rescale, and parts of the keys merge by plain addition.
 *
 * It is another function than softmax attention, and a model must be trained with it. With bias −ln n, n weights of
 * scores around 0 sum to about 1, as the softmax's do.
 *
 * Source: Ramapuram et al., "Theory, Analysis, and Best Practices for Sigmoid Self-Attention" (2024).
 *
 * @param options The usual ones; the bias, default −ln of the number of keys; and a tile, whose size never changes the
 * result by more than rounding.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { sigmoidAttention } from "@fewer-bytes/attention";
 *
 * const inputs = { queries: Matrix.zeros(1, 4), keys: Matrix.zeros(99, 4), values: Matrix.zeros(99, 1).map(() => 1) };
 * assertAlmostEquals(sigmoidAttention(inputs).get(0, 0), 0.99, 1e-6); // 99 times 1/100
 * ```
 */
export function sigmoidAttention(
  inputs: AttentionInputs,
  options: AttentionOptions & { readonly bias?: number; readonly tile?: Tile } = {},
): Matrix<Float32Array<ArrayBuffer>> {
  const shape = attentionShape(inputs, options);
  const { queries, keys, width, valueWidth, scale } = shape;
  const { bias = -Math.log(keys), tile = { rows: 64, columns: 64 } } = options;
  const output = Matrix.zeros(queries, valueWidth);
  const weights = new Float32Array(tile.rows * tile.columns);
  for (let row = 0; row < queries; row += tile.rows) {
    for (let column = 0; column < keys; column += tile.columns) {
      const rows = Math.min(tile.rows, queries - row);
      const columns = Math.min(tile.columns, keys - column);
      const slice = ({ data }: Matrix<Float32Array>, start: number, count: number, size: number) =>
        data.subarray(start * size, (start + count) * size);
      const size = { rows, columns };
      const key = slice(inputs.keys, column, columns, width);
      multiplyTile(slice(inputs.queries, row, rows, width), key, size, width, scale, weights);
      for (let r = 0; r < rows; r++) {
        const seen = keysSeen(shape, row + r) - column;
        for (let c = 0, i = r * columns; c < columns; c++, i++) {
          weights[i] = c < seen ? 1 / (1 + Math.exp(-weights[i]! - bias)) : 0;
        }
      }
      const value = slice(inputs.values, column, columns, valueWidth);
      accumulateTile(weights, value, size, valueWidth, slice(output, row, rows, valueWidth));
    }
  }
  return output;
}
