import { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { composeBlock, type SignBlock, signBlock } from "./sign_block.ts";

type Precise = Matrix<Float64Array<ArrayBuffer>>;

/** A matrix as a sum of blocks, each of which makes up for what those before it missed. */
export interface SignDecomposition {
  readonly blocks: readonly SignBlock[];
  /** The squared error without any block, with the first, with the first two, and so on. */
  readonly errors: readonly number[];
}

/**
 * How does one add precision one bit at a time? Take a {@linkcode signBlock} of the matrix, then one of what is left,
 * and so on. Each is about one more bit a number, and the sum of any first few is the matrix at that size (BitStack,
 * Wang et al. 2024).
 *
 * @param levels How many blocks to take.
 * @throws {RangeError} when levels or rank are out of range, or a value is not finite.
 * @example
 * ```ts
 * import { assertEquals, assertLess } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { decomposeSigns } from "@fewer-bytes/quantization";
 *
 * const { errors } = decomposeSigns(Matrix.from([[1, -2, 3], [4, 5, -7]]), 1, 3);
 * assertEquals(errors[0], 1 + 4 + 9 + 16 + 25 + 49);
 * assertLess(errors[3]!, 0.01 * errors[0]!);
 * ```
 */
export function decomposeSigns(matrix: Matrix, rank: number, levels: number): SignDecomposition {
  requireInteger(levels, 1, "decompose a matrix", "levels");
  let rest = new Matrix(matrix.rows, matrix.columns, Float64Array.from(matrix.data));
  const energy = () => rest.data.reduce((sum, value) => sum + value * value, 0);
  const blocks: SignBlock[] = [];
  const errors = [energy()];
  for (let level = 0; level < levels; level++) {
    const block = signBlock(rest, rank);
    const taken = composeBlock(block).data;
    rest = rest.map((value, i) => value - taken[i]!);
    blocks.push(block);
    errors.push(energy());
  }
  return { blocks, errors };
}

/**
 * The sum of some blocks of one matrix.
 *
 * @throws {RangeError} without a block.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { composeSigns, decomposeSigns } from "@fewer-bytes/quantization";
 *
 * const { blocks } = decomposeSigns(Matrix.from([[1, -2, 3], [4, 5, -7]]), 1, 8);
 * assertAlmostEquals(composeSigns(blocks).get(1, 2), -7, 0.01);
 * ```
 */
export function composeSigns(blocks: readonly SignBlock[]): Precise {
  const [first, ...others] = blocks;
  if (!first) throw new RangeError("Cannot compose a matrix as it needs at least one block");
  const result = composeBlock(first);
  for (const block of others) {
    composeBlock(block).data.forEach((value, i) => result.data[i]! += value);
  }
  return result;
}
