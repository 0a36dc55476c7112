/**
 * Matrices for the tests of this folder, and values that the original programs made from them (fixtures/golden.json).
 *
 * The golden values were made in PyTorch with float64, from `weights()` and `activations()` below written in Python:
 * - gptq: IST-DASLab/gptq at 2d65066, `GPTQ.fasterquant` with `Quantizer` (per channel), with `.float()` replaced by
 *   `.double()`. Blocks are as long as the groups, as its groups otherwise begin on weights that the present block has not
 *   updated. On symmetric grids it was given maxq = 2^bits − 2 and zero = maxq / 2: this course's grid, with as many marks
 *   above zero as below.
 * - awq: mit-han-lab/llm-awq at d6e797a, `pseudo_quantize_tensor`, and the loop of `_search_module_scale` around it for a
 *   single linear layer.
 * - smoothQuant: mit-han-lab/smoothquant at c61476d, `smooth_ln_fcs`.
 */
import { Matrix, seeded } from "@fewer-bytes/numeric";
import { assertAlmostEquals } from "@std/assert";

/** Number k of a sequence that any language computes alike. */
export function scrambled(k: number): number {
  const prime = 10007;
  const m = (k * 7919 + 1234) % prime;
  return (m * m % prime) * m % prime / prime - 0.5;
}

export function weights(outputs: number, inputs: number): Matrix<Float32Array> {
  const data = Float32Array.from({ length: outputs * inputs }, (_, at) => scrambled(at + 1));
  return new Matrix(outputs, inputs, data);
}

/** Neighboring channels are alike, and their sizes differ. Dead channels are zero. */
export function activations(
  tokens: number,
  inputs: number,
  dead: readonly number[] = [],
): Matrix<Float32Array> {
  const x = Matrix.zeros(tokens, inputs);
  for (let row = 0; row < tokens; row++) {
    let before = 0;
    for (let channel = 0; channel < inputs; channel++) {
      before = scrambled(3000 + row * inputs + channel) * (1 + channel % 5) + 0.7 * before;
      x.set(row, channel, dead.includes(channel) ? 0 : before);
    }
  }
  return x;
}

/** Random weights, or activations with channels of very different sizes that depend on each other. */
export function randomMatrix(seed: number, rows: number, columns: number): Matrix<Float32Array> {
  const random = seeded(seed);
  return new Matrix(
    rows,
    columns,
    Float32Array.from({ length: rows * columns }, () => random.normal()),
  );
}

export function mixedActivations(
  seed: number,
  rows: number,
  columns: number,
): Matrix<Float32Array> {
  const random = seeded(seed);
  const sizes = Array.from({ length: columns }, () => random.logNormal(0, 1));
  const mix = randomMatrix(seed + 1, columns, columns).map((value, at) =>
    (value / 2 + (at % (columns + 1) === 0 ? 1 : 0)) * sizes[at % columns]!
  );
  return randomMatrix(seed + 2, rows, columns).multiply(mix);
}

/** Numbers of the golden file. */
export function numbers(text: string): number[] {
  return text.split(" ").map(Number);
}

export function assertClose(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance = 1e-5,
): void {
  assertAlmostEquals(actual.length, expected.length, 0);
  for (let at = 0; at < expected.length; at++) {
    assertAlmostEquals(actual[at]!, expected[at]!, tolerance, `value ${at}`);
  }
}
