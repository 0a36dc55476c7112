import { type Floats, Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** The smallest and the largest value of each channel in each page of keys. */
export interface PageBounds {
  readonly lowest: Matrix<Float64Array>;
  readonly highest: Matrix<Float64Array>;
}

/**
 * What is kept of each page of keys so that none that matters can hide? The range of each channel: two rows a page.
 *
 * Source: Tang et al., "Quest: Query-Aware Sparsity for Efficient Long-Context LLM Inference" (2024).
 *
 * @param pageSize Tokens of a page; the last may be shorter.
 */
export function pageBounds(keys: Matrix<Floats>, pageSize: number): PageBounds {
  requireInteger(pageSize, 1, "bound pages", "pageSize");
  const { rows, columns, data } = keys;
  const pages = Math.ceil(rows / pageSize);
  const lowest = new Float64Array(pages * columns).fill(Infinity);
  const highest = new Float64Array(pages * columns).fill(-Infinity);
  for (let row = 0; row < rows; row++) {
    const page = Math.floor(row / pageSize) * columns;
    for (let x = 0; x < columns; x++) {
      const value = data[row * columns + x]!;
      lowest[page + x] = Math.min(lowest[page + x]!, value);
      highest[page + x] = Math.max(highest[page + x]!, value);
    }
  }
  return {
    lowest: new Matrix(pages, columns, lowest),
    highest: new Matrix(pages, columns, highest),
  };
}

/**
 * What is the most that a query can score with any key of each page? Channel by channel the better end of the range: an upper
 * bound, so a page with a low one can be left out safely.
 *
 * @throws {TypeError} when query and keys differ in width.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { pageBounds, pageUpperBounds } from "@fewer-bytes/attention";
 *
 * const bounds = pageBounds(Matrix.from([[1, 4], [3, -2], [0, 0]]), 2);
 * assertEquals([...pageUpperBounds([1, -1], bounds)], [3 + 2, 0]); // (3, -2) scores 5
 * ```
 */
export function pageUpperBounds(
  query: ArrayLike<number>,
  { lowest, highest }: PageBounds,
): Float64Array<ArrayBuffer> {
  const { rows, columns } = lowest;
  if (query.length !== columns) {
    throw new TypeError(
      `Cannot bound scores as query and keys must have one width: current widths are ${query.length} and ${columns}`,
    );
  }
  return Float64Array.from({ length: rows }, (_, page) => {
    let bound = 0;
    for (let x = 0; x < columns; x++) {
      const at = page * columns + x;
      bound += Math.max(query[x]! * lowest.data[at]!, query[x]! * highest.data[at]!);
    }
    return bound;
  });
}
