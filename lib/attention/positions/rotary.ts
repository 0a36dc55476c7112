import { Matrix } from "../../numeric/mod.ts";
import { requireAtLeast, requireInteger, requirePositive } from "../../units/mod.ts";

/** How rotary positions are applied. */
export interface RotaryOptions {
  /** Heads that stand side by side in a row, each turned by itself. Default 1. */
  readonly heads?: number;
  /** The position of the first row, or the position of each. Default 0. */
  readonly positions?: number | ArrayLike<number>;
  /** The base of the frequencies: larger turns more slowly. Default 10,000. */
  readonly theta?: number;
  /**
   * Which two numbers turn together: "halves" pairs the first half of a head with the second (Llama's checkpoints),
   * "interleaved" pairs neighbors (the paper, DeepSeek). Default "halves".
   */
  readonly pairing?: "halves" | "interleaved";
}

/**
 * How does a query or key know where it stands? Pairs of its numbers are turned by an angle that grows with the position.
 *
 * Pair j of a head of width d turns by position · theta^(−2j/d): the first pair fast, the last slowly. Turning keeps
 * lengths, and the product of a turned query with a turned key depends on their distance alone, as turning both by the
 * same angle changes nothing. (Su et al. 2021, equations 14 to 16.)
 *
 * @param rows One token's heads in each row; an even number of values in a head.
 * @returns The turned rows, in 64 bits.
 * @throws {TypeError} when the heads do not divide the row into even widths, or positions do not match the rows.
 * @example Two vectors three apart compare the same wherever they stand
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { rotateRows } from "@fewer-bytes/attention";
 *
 * const pair = Matrix.from([[1, 2, 3, 4], [4, 3, 2, 1]]);
 * const score = (positions: number[]) => {
 *   const [query, key] = rotateRows(pair, { positions }).toRows();
 *   return query!.reduce((sum, value, i) => sum + value * key![i]!, 0);
 * };
 * assertAlmostEquals(score([3, 0]), score([1003, 1000]), 1e-9);
 * ```
 */
export function rotateRows(rows: Matrix, options: RotaryOptions = {}): Matrix<Float64Array> {
  const { heads = 1, positions = 0, theta = 10_000, pairing = "halves" } = options;
  requireInteger(heads, 1, "rotate", "heads");
  requirePositive(theta, "rotate", "theta");
  const dimension = rows.columns / heads;
  if (!Number.isInteger(dimension / 2)) {
    throw new TypeError(
      `Cannot rotate as each head must have an even number of values: ${rows.columns} values are in ${heads} heads`,
    );
  }
  if (typeof positions !== "number" && positions.length !== rows.rows) {
    throw new TypeError(
      `Cannot rotate as each of ${rows.rows} rows needs a position: current count is ${positions.length}`,
    );
  }
  const turned = new Matrix(rows.rows, rows.columns, Float64Array.from(rows.data));
  const half = dimension / 2;
  for (let row = 0; row < rows.rows; row++) {
    const position = requireAtLeast(
      typeof positions === "number" ? positions + row : positions[row]!,
      0,
      "rotate",
      "a position",
    );
    const values = turned.row(row);
    for (let pair = 0; pair < half; pair++) {
      const angle = position * theta ** (-2 * pair / dimension);
      const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
      for (let start = 0; start < rows.columns; start += dimension) {
        const first = start + (pairing === "halves" ? pair : 2 * pair);
        const second = pairing === "halves" ? first + half : first + 1;
        const [a, b] = [values[first]!, values[second]!];
        values[first] = a * cosine - b * sine;
        values[second] = b * cosine + a * sine;
      }
    }
  }
  return turned;
}

/**
 * How do the two pairings translate? Entry i of the result is the place, in an interleaved head, of the number that
 * stands at i in a head of halves: evens first, then odds.
 *
 * Applied to queries and keys alike it changes no score, so checkpoints are converted by permuting rows of weights.
 */
export function interleavedToHalves(dimension: number): number[] {
  const half = requireInteger(dimension / 2, 1, "permute a head", "half of the dimension");
  return Array.from({ length: 2 * half }, (_, i) => i < half ? 2 * i : 2 * (i - half) + 1);
}
