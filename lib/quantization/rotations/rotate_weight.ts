import type { Weight } from "../../lm/mod.ts";
import type { Rotation } from "./hadamard.ts";

/**
 * Rotates what a matrix reads: activations come in as `x·R`, so `W` becomes `W·R`, and `(W·R)·(x·R)ᵀ = W·xᵀ`.
 *
 * @param rotation R, orthogonal. When it is smaller than the matrix' inputs, each piece of its size is rotated by
 *   itself, as heads are.
 * @throws {RangeError} when the inputs are not whole pieces.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { rotateInputs } from "@fewer-bytes/quantization";
 *
 * const weight = { name: "w", outputs: 1, inputs: 2, data: Float32Array.of(3, 4) };
 * assertEquals([...rotateInputs(weight, Matrix.from([[0, 1], [-1, 0]])).data], [-4, 3]);
 * ```
 */
export function rotateInputs(weight: Weight, rotation: Rotation): Weight {
  const { inputs, outputs, data } = weight;
  const size = wholePieces(inputs, rotation, weight.name, "inputs");
  const result = new Float32Array(data.length);
  const sums = new Float64Array(size);
  for (let start = 0; start < outputs * inputs; start += size) {
    sums.fill(0);
    for (let i = 0; i < size; i++) {
      const value = data[start + i]!;
      for (let j = 0; j < size; j++) sums[j]! += value * rotation.data[i * size + j]!;
    }
    result.set(sums, start);
  }
  return { ...weight, data: result };
}

/**
 * Rotates what a matrix writes: its results shall be `y·R`, so `W` becomes `Rᵀ·W`.
 *
 * @param rotation R, orthogonal, of the size of the outputs or of pieces of them.
 * @throws {RangeError} when the outputs are not whole pieces.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { rotateOutputs } from "@fewer-bytes/quantization";
 *
 * const weight = { name: "w", outputs: 2, inputs: 1, data: Float32Array.of(3, 4) };
 * assertEquals([...rotateOutputs(weight, Matrix.from([[0, 1], [-1, 0]])).data], [-4, 3]);
 * ```
 */
export function rotateOutputs(weight: Weight, rotation: Rotation): Weight {
  const { inputs, outputs, data } = weight;
  const size = wholePieces(outputs, rotation, weight.name, "outputs");
  const result = new Float32Array(data.length);
  const sums = new Float64Array(inputs);
  for (let piece = 0; piece < outputs; piece += size) {
    for (let j = 0; j < size; j++) {
      sums.fill(0);
      for (let i = 0; i < size; i++) {
        const factor = rotation.data[i * size + j]!;
        const row = (piece + i) * inputs;
        for (let k = 0; k < inputs; k++) sums[k]! += factor * data[row + k]!;
      }
      result.set(sums, (piece + j) * inputs);
    }
  }
  return { ...weight, data: result };
}

function wholePieces(width: number, { rows, columns }: Rotation, name: string, side: string) {
  if (rows !== columns || rows < 1 || width % rows !== 0) {
    throw new RangeError(
      `Cannot rotate ${name} as its ${width} ${side} must be whole pieces of a square rotation: current shape is ${rows} x ${columns}`,
    );
  }
  return rows;
}
