import { Matrix } from "../../numeric/mod.ts";
import type { ResolvedGrid, UniformGrid } from "../uniform/grid.ts";
import { quantize, roundHalfEven } from "../uniform/quantize.ts";

/** The present scale and zero point of each row, for methods that round one input after another. */
export class RowGrids {
  readonly #scales: Float64Array;
  readonly #zeros: Float64Array;

  constructor(rows: number, readonly grid: UniformGrid, readonly resolved: ResolvedGrid) {
    this.#scales = new Float64Array(rows);
    this.#zeros = new Float64Array(rows);
  }

  /** Finds the scale of the group of a row that begins, from its weights as they are now. */
  begin(row: number, values: Float64Array): void {
    const group = new Matrix(1, values.length, Float32Array.from(values));
    const { scales, zeroPoints } = quantize(group, { ...this.grid, groupSize: "row" });
    this.#scales[row] = scales[0]!;
    this.#zeros[row] = zeroPoints?.[0] ?? 0;
  }

  /** The mark of the row's present grid that is nearest to a value. */
  round(row: number, value: number): number {
    const { lowest, highest } = this.resolved;
    const scale = this.#scales[row]!;
    const zero = this.#zeros[row]!;
    const code = roundHalfEven(value / scale) + zero;
    return scale * (Math.min(Math.max(code, lowest), highest) - zero);
  }
}
