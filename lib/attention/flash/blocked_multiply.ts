import type { Bytes } from "../../units/mod.ts";
import type { Tile } from "./tile.ts";
import type { SlowArray, TwoLevelMemory } from "./two_level_memory.ts";

/** A matrix in the slow memory: element (i, j) is at `i * rowStride + j * columnStride`. */
export interface SlowMatrix {
  readonly array: SlowArray;
  readonly rowStride: number;
  readonly columnStride: number;
}

/** A product, and what is done to it while it is in the fast memory. */
export interface BlockedMultiplication {
  readonly left: SlowMatrix;
  readonly right: SlowMatrix;
  /** Row by row, `columns` wide. */
  readonly product: SlowArray;
  readonly rows: number;
  readonly inner: number;
  readonly columns: number;
  /** Called for each finished tile of the product, before it is written. */
  readonly onProduct?: (tile: Float32Array, row: number, column: number, size: Tile) => void;
  /** Called for each piece of a column of the left matrix, after it is read. */
  readonly onLeft?: (piece: Float32Array, row: number, rows: number, inner: number) => void;
  /** Which part of the product is held; default {@linkcode productTile}. */
  readonly size?: Tile;
}

/**
 * Which part of a product is best held in the fast memory? A square, if the product is large in both directions: each
 * value that is read is then used as often as the square is wide. A column of the left and a row of the right pass by.
 *
 * @param fastBytes Size of the fast memory.
 * @throws {RangeError} when there is no room for three values.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { productTile } from "@fewer-bytes/attention";
 *
 * assertEquals(productTile(4 * 120, 1000, 1000), { rows: 10, columns: 10 }); // 100 + 10 + 10 values
 * assertEquals(productTile(4 * 120, 1000, 2), { rows: 39, columns: 2 });
 * ```
 */
export function productTile(fastBytes: Bytes, rows: number, columns: number): Tile {
  const room = Math.floor(fastBytes / 4);
  const side = Math.floor(Math.sqrt(room + 1)) - 1;
  if (side < 1) {
    throw new RangeError(
      `Cannot multiply as the fast memory must have room for three values: current size is ${fastBytes} B`,
    );
  }
  const wide = Math.min(side, columns);
  const high = Math.min(rows, Math.floor((room - wide) / (wide + 1)));
  return { rows: high, columns: Math.min(columns, Math.floor((room - high) / (high + 1))) };
}

/**
 * Multiplies two matrices of the slow memory by way of the fast one: some outputs are held there, and for each step of
 * the inner sum a piece of a column and a piece of a row are read.
 *
 * With a square of b by b outputs every input is read once for each b outputs: 2 · rows · columns · inner / b values,
 * with b close to √M. No order of the same multiplications does better than a constant factor (Hong and Kung, 1981).
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { blockedMultiply, TwoLevelMemory } from "@fewer-bytes/attention";
 *
 * const memory = new TwoLevelMemory(4 * 8); // two by two outputs, and a piece of a column and of a row
 * const matrix = (name: string, ...values: number[]) => memory.place(name, Float32Array.from(values));
 * const [left, right] = [matrix("left", 1, 2, 3, 4), matrix("right", 1, 0, 0, 1)];
 * const product = matrix("product", 0, 0, 0, 0);
 * const strides = { rowStride: 2, columnStride: 1 };
 * blockedMultiply(memory, {
 *   left: { array: left, ...strides },
 *   right: { array: right, ...strides },
 *   product,
 *   rows: 2,
 *   inner: 2,
 *   columns: 2,
 * });
 * assertEquals([...product.data, memory.traffic], [1, 2, 3, 4, 4 * 12]);
 * ```
 */
export function blockedMultiply(memory: TwoLevelMemory, work: BlockedMultiplication): void {
  const { left, right, product, rows, inner, columns } = work;
  const size = work.size ?? productTile(memory.fastBytes, rows, columns);
  const sums = memory.tile("product", size.rows * size.columns);
  const down = memory.tile("piece of a left column", size.rows);
  const along = memory.tile("piece of a right row", size.columns);
  for (let i = 0; i < rows; i += size.rows) {
    const high = Math.min(size.rows, rows - i);
    for (let j = 0; j < columns; j += size.columns) {
      const wide = Math.min(size.columns, columns - j);
      sums.fill(0);
      for (let k = 0; k < inner; k++) {
        const { rowStride, columnStride } = left;
        memory.read(left.array, i * rowStride + k * columnStride, down, high, rowStride);
        work.onLeft?.(down, i, high, k);
        const start = k * right.rowStride + j * right.columnStride;
        memory.read(right.array, start, along, wide, right.columnStride);
        for (let r = 0; r < high; r++) {
          const factor = down[r]!;
          for (let c = 0; c < wide; c++) sums[r * wide + c]! += factor * along[c]!;
        }
      }
      work.onProduct?.(sums, i, j, { rows: high, columns: wide });
      for (let r = 0; r < high; r++) {
        memory.write(sums, product, (i + r) * columns + j, wide, r * wide);
      }
    }
  }
  memory.release(sums, down, along);
}
