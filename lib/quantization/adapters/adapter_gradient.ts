import type { Matrix } from "../../numeric/mod.ts";
import type { LowRankAdapter } from "./low_rank_adapter.ts";

type Precise = Matrix<Float64Array<ArrayBuffer>>;

/**
 * Which way should an adapter change? The derivatives of a loss by A and B, and by the inputs, for the layer before:
 * these flow through the frozen weights, which need to be read but get no gradient and no optimizer state of their own.
 *
 * @param x Tokens × inputs, as they came in.
 * @param slope Tokens × outputs: the derivative of the loss by each output.
 * @example At the start only B has a gradient, since B = 0 hides A
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { adapterGradient } from "@fewer-bytes/quantization";
 *
 * const adapter = { rank: 1, alpha: 1, down: Matrix.from([[1, 10]]), up: Matrix.from([[0]]) };
 * const gradient = adapterGradient(Matrix.from([[4, 5]]), adapter, Matrix.from([[1, 2]]), Matrix.from([[1]]));
 * assertEquals([gradient.down.toRows(), gradient.up.toRows()], [[[0, 0]], [[21]]]);
 * assertEquals(gradient.inputs.toRows(), [[4, 5]]);
 * ```
 */
export function adapterGradient(
  weights: Matrix,
  { up, down, alpha, rank }: LowRankAdapter,
  x: Precise,
  slope: Precise,
): { readonly down: Precise; readonly up: Precise; readonly inputs: Precise } {
  const scaled = slope.map((value) => value * alpha / rank);
  const throughUp = scaled.multiply(up);
  const fromAdapter = throughUp.multiply(down);
  return {
    up: scaled.transpose().multiply(x.multiply(down.transpose())),
    down: throughUp.transpose().multiply(x),
    inputs: slope.multiply(weights).map((value, i) => value + fromAdapter.data[i]!),
  };
}
