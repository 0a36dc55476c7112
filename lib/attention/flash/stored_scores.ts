import { Matrix } from "../../numeric/mod.ts";
import { type AttentionInputs, type AttentionShape, keysSeen } from "./attention_inputs.ts";
import type { SlowMatrix } from "./blocked_multiply.ts";
import type { Tile } from "./tile.ts";
import type { TwoLevelMemory } from "./two_level_memory.ts";

/** Result and traffic of an attention that stores its scores. */
export interface StoredScoresResult {
  readonly output: Matrix<Float32Array<ArrayBuffer>>;
  readonly memory: TwoLevelMemory;
}

/** Puts inputs, scores and output into the slow memory, the keys as columns. */
export function placeAll(
  memory: TwoLevelMemory,
  { queries, keys, values }: AttentionInputs,
  shape: AttentionShape,
) {
  const matrix = (name: string, data: Float32Array, rowStride: number, columnStride: number) =>
    ({ array: memory.place(name, data), rowStride, columnStride }) satisfies SlowMatrix;
  const { width, valueWidth } = shape;
  const result = Matrix.zeros(shape.queries, valueWidth);
  return {
    left: matrix("queries", queries.data, width, 1),
    keyColumns: matrix("keys", keys.data, 1, width),
    valueRows: matrix("values", values.data, valueWidth, 1),
    scores: memory.place("scores", new Float32Array(shape.queries * shape.keys)),
    output: memory.place("output", result.data),
    result,
  };
}

/** Multiplies a tile of products with the scale and hides what is above the diagonal. */
export function scaleAndMask(
  tile: Float32Array,
  row: number,
  column: number,
  { rows, columns }: Tile,
  shape: AttentionShape,
): void {
  for (let r = 0; r < rows; r++) {
    const seen = keysSeen(shape, row + r) - column;
    for (let c = 0; c < columns; c++) {
      tile[r * columns + c] = c < seen ? tile[r * columns + c]! * shape.scale : -Infinity;
    }
  }
}
