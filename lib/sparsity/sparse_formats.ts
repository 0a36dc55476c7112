import { requireAtLeast, requirePositive } from "../units/mod.ts";

/** A matrix of which only some values are not zero, and the widths that its storage uses. */
export interface SparseShape {
  readonly rows: number;
  readonly columns: number;
  /** Share of values that are not zero, from 0 to 1. */
  readonly density: number;
  /** Bits of each value. */
  readonly valueBits: number;
  /** Bits of each column index in CSR. Default: as few as the columns need. */
  readonly indexBits?: number;
  /** Bits of each row pointer in CSR. Default 32. */
  readonly pointerBits?: number;
}

/** How sparse matrices lie in memory: all values, compressed rows, or a bit for each value and the values that are set. */
export type SparseFormat = "dense" | "csr" | "bitmap";

/**
 * How many bits does each value of the dense matrix take in this format? Linear in the density, so a format is a line:
 * where it starts, and how fast it rises.
 *
 * - dense: `valueBits`, at any density;
 * - CSR: `density · (valueBits + indexBits)` and the row pointers, `pointerBits · (rows + 1) / (rows · columns)`;
 * - bitmap: `density · valueBits + 1`.
 *
 * @throws {RangeError} when a size or width is not above zero, or the density is no share.
 * @example At one half, a bitmap is as large as 2:4
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { bitsPerValue, twoFourShare } from "@fewer-bytes/sparsity";
 *
 * const shape = { rows: 4096, columns: 4096, density: 0.5, valueBits: 16 };
 * assertEquals(bitsPerValue("bitmap", shape), 9);
 * assertEquals(16 * twoFourShare("bf16"), 9);
 * assertEquals(bitsPerValue("csr", shape) > 14, true); // 12 bits for each index
 * ```
 */
export function bitsPerValue(format: SparseFormat, shape: SparseShape): number {
  const { start, slope } = line(format, shape);
  return start + slope * shape.density;
}

/**
 * How many bytes does the matrix take, up to padding?
 *
 * @throws As {@linkcode bitsPerValue} does.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { sparseBytes } from "@fewer-bytes/sparsity";
 *
 * const shape = { rows: 8, columns: 16, density: 0.25, valueBits: 16 };
 * assertEquals(sparseBytes("dense", shape), 256);
 * assertEquals(sparseBytes("bitmap", shape), 64 + 16);
 * assertEquals(sparseBytes("csr", shape), 64 + 32 * 4 / 8 + 9 * 4); // values, columns, row pointers
 * ```
 */
export function sparseBytes(format: SparseFormat, shape: SparseShape): number {
  return shape.rows * shape.columns * bitsPerValue(format, shape) / 8;
}

/**
 * At which density are two formats equally large? The one that rises faster is smaller below it.
 *
 * Bitmap meets dense at `1 − 1/valueBits`, CSR meets dense at `valueBits / (valueBits + indexBits)` and the bitmap at
 * `1 / indexBits`, each a little earlier for the row pointers. So between about 8 % and 94 % at 16 bits, where pruned
 * language models are, the bitmap wins.
 *
 * @returns The density, or undefined when the lines do not cross between 0 and 1.
 * @throws As {@linkcode bitsPerValue} does.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { crossoverDensity } from "@fewer-bytes/sparsity";
 *
 * const shape = { rows: 4096, columns: 4096, valueBits: 16 };
 * assertEquals(crossoverDensity("bitmap", "dense", shape), 15 / 16);
 * ```
 */
export function crossoverDensity(
  first: SparseFormat,
  second: SparseFormat,
  shape: Omit<SparseShape, "density">,
): number | undefined {
  const [a, b] = [line(first, { ...shape, density: 0 }), line(second, { ...shape, density: 0 })];
  const crossing = (b.start - a.start) / (a.slope - b.slope);
  return crossing >= 0 && crossing <= 1 ? crossing : undefined;
}

/** Bits for each value at density 0, and what each share of density adds. */
function line(format: SparseFormat, shape: SparseShape): { start: number; slope: number } {
  const { rows, columns, density, valueBits, pointerBits = 32 } = shape;
  const { indexBits = Math.max(1, Math.ceil(Math.log2(columns))) } = shape;
  for (
    const [name, value] of Object.entries({ rows, columns, valueBits, indexBits, pointerBits })
  ) {
    requirePositive(value, "size a sparse matrix", name);
  }
  requireAtLeast(density, 0, "size a sparse matrix", "density");
  if (density > 1) {
    throw new RangeError(
      `Cannot size a sparse matrix as density must be <= 1: current value is ${density}`,
    );
  }
  if (format === "dense") return { start: valueBits, slope: 0 };
  if (format === "bitmap") return { start: 1, slope: valueBits };
  return { start: pointerBits * (rows + 1) / (rows * columns), slope: valueBits + indexBits };
}
