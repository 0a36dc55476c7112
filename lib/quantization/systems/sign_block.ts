import { Matrix, singularValues } from "../../numeric/mod.ts";
import { type Bytes, requireInteger } from "../../units/mod.ts";

type Precise = Matrix<Float64Array<ArrayBuffer>>;

/** About one bit for each number of a matrix: its sign, and its size as a matrix of low rank. */
export interface SignBlock {
  readonly rows: number;
  readonly columns: number;
  readonly rank: number;
  /** A bit for each number, set where it is negative; eight to a byte. */
  readonly signs: Uint8Array<ArrayBuffer>;
  /** Rows × rank and columns × rank, in 16 bits. */
  readonly left: Float16Array<ArrayBuffer>;
  readonly right: Float16Array<ArrayBuffer>;
  /** All of that together. */
  readonly bytes: Bytes;
}

/**
 * How much of a matrix fits into one bit a number? Its signs, exactly, and of its sizes |w| the best matrix of low rank,
 * by singular values. Signs look random and cannot be compressed; sizes are all positive, so that a single direction
 * holds most of them already (absolute-value decomposition; BitStack, Wang et al. 2024, section 3.1).
 *
 * `w ≈ sign(w) ⊙ (left · rightᵀ)`. For Gaussian numbers one such block of rank 1 leaves 1 − 2/π = 36 % of the energy.
 *
 * @param rank Directions kept of the sizes: each takes 16 bits for every row and every column.
 * @throws {RangeError} when the rank is above the shorter side, or a value is not finite.
 * @example Numbers that differ only in their signs are kept as they are
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { composeBlock, signBlock } from "@fewer-bytes/quantization";
 *
 * const block = signBlock(Matrix.from([[2, -2, 2, 2], [-2, -2, 2, -2]]), 1);
 * composeBlock(block).row(1).forEach((value, i) => assertAlmostEquals(value, [-2, -2, 2, -2][i]!, 0.01));
 * assertEquals(block.bytes, 1 + 2 * (2 + 4));
 * ```
 */
export function signBlock(matrix: Matrix, rank: number): SignBlock {
  const { rows, columns, data } = matrix;
  requireInteger(rank, 1, "make a sign block", "the rank");
  if (rank > Math.min(rows, columns)) {
    throw new RangeError(
      `Cannot make a sign block as its rank must be <= ${
        Math.min(rows, columns)
      }, the shorter side: current value is ${rank}`,
    );
  }
  const sizes = new Matrix(rows, columns, Float64Array.from(data, Math.abs));
  const { left, values, right } = singularValues(sizes);
  const signs = new Uint8Array(Math.ceil(data.length / 8));
  data.forEach((value: number, i: number) => {
    if (value < 0) signs[i >> 3]! |= 1 << (i & 7);
  });
  // Each side takes half of the stretch, so that neither leaves the range of 16 bits.
  const half = (vectors: Precise) =>
    Float16Array.from({ length: vectors.rows * rank }, (_, i) => {
      const [row, k] = [Math.floor(i / rank), i % rank];
      return vectors.get(row, k) * Math.sqrt(values[k]!);
    });
  const [a, b] = [half(left), half(right)];
  const bytes = signBlockBytes(rows, columns, rank);
  return { rows, columns, rank, signs, left: a, right: b, bytes };
}

/**
 * How large is a block of a matrix, before it is made? A bit for each number, and 16 for each number of the two factors.
 *
 * @example For 4096 × 4096 weights and rank 16, 1.125 bits a weight
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { signBlockBytes } from "@fewer-bytes/quantization";
 *
 * assertEquals(8 * signBlockBytes(4096, 4096, 16) / 4096 ** 2, 1.125);
 * ```
 */
export function signBlockBytes(rows: number, columns: number, rank: number): Bytes {
  return Math.ceil(rows * columns / 8) + 2 * rank * (rows + columns);
}

/**
 * The matrix that a block stands for.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { composeBlock } from "@fewer-bytes/quantization";
 *
 * const [left, right] = [Float16Array.of(1, 2), Float16Array.of(3)];
 * const block = { rows: 2, columns: 1, rank: 1, signs: Uint8Array.of(0b10), left, right, bytes: 7 };
 * assertEquals(composeBlock(block).toRows(), [[3], [-6]]);
 * ```
 */
export function composeBlock({ rows, columns, rank, signs, left, right }: SignBlock): Precise {
  const result = new Matrix(rows, columns, new Float64Array(rows * columns));
  for (let i = 0; i < rows * columns; i++) {
    const [row, column] = [Math.floor(i / columns), i % columns];
    let size = 0;
    for (let k = 0; k < rank; k++) size += left[row * rank + k]! * right[column * rank + k]!;
    result.data[i] = signs[i >> 3]! & (1 << (i & 7)) ? -size : size;
  }
  return result;
}
