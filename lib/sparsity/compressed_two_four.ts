import { Matrix } from "../numeric/mod.ts";

/** A 2:4 matrix as sparse tensor cores read it: half of the values, and where each of them stood. */
export interface CompressedTwoFour {
  readonly rows: number;
  /** Of the matrix that it stands for: four to each pair of values. */
  readonly columns: number;
  /** Two values for every group of four. */
  readonly values: Float32Array<ArrayBuffer>;
  /** The place of each value in its group, two bits each, the first in the lowest bits: a byte for two groups. */
  readonly indices: Uint8Array<ArrayBuffer>;
}

/**
 * Packs a 2:4 matrix into half of its values and two bits for each.
 *
 * The two places of a group ascend, so each group has one code. A group with fewer than two values is filled up with
 * zeros from its first free places.
 *
 * Source: Mishra et al., "Accelerating Sparse Deep Neural Networks" (2021).
 *
 * @throws {RangeError} when four does not divide a row, or a group holds more than two values.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { compressTwoFour, expandTwoFour } from "@fewer-bytes/sparsity";
 *
 * const sparse = new Matrix(1, 8, Float32Array.of(0, 7, 0, 5, 3, 0, 0, 2));
 * const compressed = compressTwoFour(sparse);
 * assertEquals(compressed.values, Float32Array.of(7, 5, 3, 2));
 * assertEquals(compressed.indices, Uint8Array.of(0b11_00_11_01)); // places 1 and 3, then 0 and 3
 * assertEquals(expandTwoFour(compressed).toRows(), sparse.toRows());
 * ```
 */
export function compressTwoFour({ rows, columns, data }: Matrix): CompressedTwoFour {
  if (columns % 4 !== 0) {
    throw new RangeError(
      `Cannot compress as the length of a row must be a multiple of 4: current value is ${columns}`,
    );
  }
  const values = new Float32Array(data.length / 2);
  const indices = new Uint8Array(Math.ceil(data.length / 8));
  for (let group = 0; 4 * group < data.length; group++) {
    const places = [0, 1, 2, 3].filter((place) => data[4 * group + place] !== 0);
    if (places.length > 2) {
      throw new RangeError(
        `Cannot compress as a group of 4 must hold at most 2 values: group ${group} holds ${places.length}`,
      );
    }
    for (let free = 0; places.length < 2; free++) if (!places.includes(free)) places.push(free);
    places.sort();
    places.forEach((place, slot) => {
      const at = 2 * group + slot;
      values[at] = data[4 * group + place]!;
      indices[at >> 2]! |= place << 2 * (at & 3);
    });
  }
  return { rows, columns, values, indices };
}

/** In which column does a kept value stand? */
export function columnOf({ columns, indices }: CompressedTwoFour, at: number): number {
  const place = indices[at >> 2]! >> 2 * (at & 3) & 3;
  return 4 * (at >> 1) % columns + place;
}

/**
 * Unpacks a compressed matrix: the inverse of {@linkcode compressTwoFour}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { expandTwoFour } from "@fewer-bytes/sparsity";
 *
 * const compressed = { rows: 1, columns: 4, values: Float32Array.of(6, 9), indices: Uint8Array.of(0b11_10) };
 * assertEquals(expandTwoFour(compressed).toRows(), [[0, 0, 6, 9]]);
 * ```
 */
export function expandTwoFour(compressed: CompressedTwoFour): Matrix<Float32Array<ArrayBuffer>> {
  const { rows, columns, values } = compressed;
  const matrix = Matrix.zeros(rows, columns);
  values.forEach((value, at) => {
    matrix.data[Math.floor(2 * at / columns) * columns + columnOf(compressed, at)] = value;
  });
  return matrix;
}
