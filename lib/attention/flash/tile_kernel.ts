/**
 * The arithmetic inside a tile. Numbers are reused from registers: a step of the inner loop reads eight and multiplies
 * sixteen times, where the textbook's reads two for each multiplication. That, and no cache, is what makes it fast here.
 *
 * @module
 */
import type { Tile } from "./tile.ts";

/**
 * Scores of a tile: each query with each key, times the scale, into `scores` row by row.
 *
 * At the edges a row or column is computed more than once rather than by a loop of its own.
 *
 * @param queries `tile.rows` times `width`.
 * @param keys `tile.columns` times `width`.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { multiplyTile } from "@fewer-bytes/attention";
 *
 * const scores = new Float32Array(2);
 * multiplyTile(Float32Array.of(1, 2), Float32Array.of(3, 4, 5, 6), { rows: 1, columns: 2 }, 2, 1, scores);
 * assertEquals(scores, Float32Array.of(11, 17));
 * ```
 */
export function multiplyTile(
  queries: Float32Array,
  keys: Float32Array,
  { rows, columns }: Tile,
  width: number,
  scale: number,
  scores: Float32Array,
): void {
  for (let r = 0; r < rows; r += 2) {
    const [q0, q1] = [r * width, Math.min(r + 1, rows - 1) * width];
    for (let c = 0; c < columns; c += 4) {
      const [c1, c2, c3] = [
        Math.min(c + 1, columns - 1),
        Math.min(c + 2, columns - 1),
        Math.min(c + 3, columns - 1),
      ];
      const [k0, k1, k2, k3] = [c * width, c1 * width, c2 * width, c3 * width];
      let s00 = 0, s01 = 0, s02 = 0, s03 = 0, s10 = 0, s11 = 0, s12 = 0, s13 = 0;
      for (let x = 0; x < width; x++) {
        const a = queries[q0 + x]!, b = queries[q1 + x]!;
        const e = keys[k0 + x]!, f = keys[k1 + x]!, g = keys[k2 + x]!, h = keys[k3 + x]!;
        s00 += a * e;
        s01 += a * f;
        s02 += a * g;
        s03 += a * h;
        s10 += b * e;
        s11 += b * f;
        s12 += b * g;
        s13 += b * h;
      }
      const first = r * columns, second = Math.min(r + 1, rows - 1) * columns;
      scores[first + c] = s00 * scale;
      scores[first + c1] = s01 * scale;
      scores[first + c2] = s02 * scale;
      scores[first + c3] = s03 * scale;
      scores[second + c] = s10 * scale;
      scores[second + c1] = s11 * scale;
      scores[second + c2] = s12 * scale;
      scores[second + c3] = s13 * scale;
    }
  }
}

/**
 * Adds to each output row the values, weighted by that row's weights: `outputs += weights · values`.
 *
 * @param weights `tile.rows` times `tile.columns`.
 * @param values `tile.columns` times `width`.
 * @param outputs `tile.rows` times `width`.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { accumulateTile } from "@fewer-bytes/attention";
 *
 * const outputs = Float32Array.of(100);
 * accumulateTile(Float32Array.of(2, 3), Float32Array.of(1, 10), { rows: 1, columns: 2 }, 1, outputs);
 * assertEquals(outputs, Float32Array.of(132));
 * ```
 */
export function accumulateTile(
  weights: Float32Array,
  values: Float32Array,
  { rows, columns }: Tile,
  width: number,
  outputs: Float32Array,
): void {
  const last = columns - 1;
  for (let r = 0; r < rows; r++) {
    const row = r * columns, output = r * width;
    for (let c = 0; c < columns; c += 4) {
      // Past the edge the last column stands in, with weight 0.
      const w0 = weights[row + c]!;
      const w1 = c + 1 <= last ? weights[row + c + 1]! : 0;
      const w2 = c + 2 <= last ? weights[row + c + 2]! : 0;
      const w3 = c + 3 <= last ? weights[row + c + 3]! : 0;
      const v0 = c * width;
      const v1 = Math.min(c + 1, last) * width;
      const v2 = Math.min(c + 2, last) * width;
      const v3 = Math.min(c + 3, last) * width;
      for (let x = 0; x < width; x++) {
        outputs[output + x]! += w0 * values[v0 + x]! + w1 * values[v1 + x]! +
          w2 * values[v2 + x]! + w3 * values[v3 + x]!;
      }
    }
  }
}

/**
 * Adds to each column's row of results the rows, weighted by that column: `outputs += weightsᵀ · inputs`.
 *
 * @param weights `tile.rows` times `tile.columns`.
 * @param inputs `tile.rows` times `width`.
 * @param outputs `tile.columns` times `width`.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { accumulateTransposed } from "@fewer-bytes/attention";
 *
 * const outputs = new Float32Array(2);
 * accumulateTransposed(Float32Array.of(2, 3), Float32Array.of(10), { rows: 1, columns: 2 }, 1, outputs);
 * assertEquals(outputs, Float32Array.of(20, 30));
 * ```
 */
export function accumulateTransposed(
  weights: Float32Array,
  inputs: Float32Array,
  { rows, columns }: Tile,
  width: number,
  outputs: Float32Array,
): void {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const weight = weights[r * columns + c]!;
      if (weight === 0) continue;
      for (let x = 0; x < width; x++) outputs[c * width + x]! += weight * inputs[r * width + x]!;
    }
  }
}
