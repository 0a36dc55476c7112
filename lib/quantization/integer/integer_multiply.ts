import { Matrix } from "../../numeric/mod.ts";
import type { QuantizedMatrix } from "../uniform/quantize.ts";

/** The largest number that 32 bits with a sign hold. */
const largestSum = 2 ** 31 - 1;

/**
 * What does a product cost when weights and activations are both whole numbers?
 *
 * Eight bits times eight bits, summed in 32, and one floating-point multiplication by both scales for
 * each run of values that share them: the arithmetic of integer tensor cores. Weight-only
 * quantization saves the same bytes but multiplies in floating point, after dequantizing.
 *
 * The result is that of the dequantized matrices up to the rounding of floats: the whole numbers lose nothing.
 *
 * @param activations Tokens × inputs.
 * @param weights Outputs × inputs.
 * @returns Tokens × outputs.
 * @throws {TypeError} when the inputs differ.
 * @throws {RangeError} when codes have more than 8 bits, or so many share a scale that 32 bits could overflow.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { integerMultiply, quantize } from "@fewer-bytes/quantization";
 *
 * const x = quantize(new Matrix(1, 2, Float32Array.of(127, 2)), { bits: 8 });
 * const w = quantize(new Matrix(1, 2, Float32Array.of(-254, 8)), { bits: 8 });
 * assertEquals(integerMultiply(x, w).get(0, 0), 127 * -254 + 2 * 8);
 * ```
 */
export function integerMultiply(
  activations: QuantizedMatrix,
  weights: QuantizedMatrix,
): Matrix<Float32Array> {
  const { columns: inputs, rows: tokens } = activations;
  const { rows: outputs } = weights;
  if (weights.columns !== inputs) {
    throw new TypeError(
      `Cannot multiply as weights and activations must have the same inputs: current values are ${weights.columns} and ${inputs}`,
    );
  }
  const run = commonRun(activations, weights);
  requireRoom(activations, weights, run);
  const result = Matrix.zeros(tokens, outputs);
  for (let token = 0; token < tokens; token++) {
    for (let output = 0; output < outputs; output++) {
      let total = 0;
      for (let start = 0; start < inputs; start += run) {
        total += runProduct(
          activations,
          token * inputs + start,
          weights,
          output * inputs + start,
          run,
        );
      }
      result.data[token * outputs + output] = total;
    }
  }
  return result;
}

/** One run of values under one scale on either side: whole numbers first, then the scales. */
function runProduct(
  a: QuantizedMatrix,
  startA: number,
  b: QuantizedMatrix,
  startB: number,
  run: number,
) {
  const groupA = Math.floor(startA / a.groupSize);
  const groupB = Math.floor(startB / b.groupSize);
  const zeroA = a.zeroPoints?.[groupA] ?? 0;
  const zeroB = b.zeroPoints?.[groupB] ?? 0;
  let sum = 0;
  for (let i = 0; i < run; i++) {
    sum = (sum + Math.imul(a.codes[startA + i]! - zeroA, b.codes[startB + i]! - zeroB)) | 0;
  }
  return sum * a.scales[groupA]! * b.scales[groupB]!;
}

/** The longest run that no group of either side ends within. */
function commonRun(a: QuantizedMatrix, b: QuantizedMatrix): number {
  let [run, rest] = [Math.min(a.groupSize, a.columns), Math.min(b.groupSize, b.columns)];
  while (rest > 0) [run, rest] = [rest, run % rest];
  return run;
}

function requireRoom(a: QuantizedMatrix, b: QuantizedMatrix, run: number) {
  const largest = [a, b].map(({ bits, zeroPoints }) => {
    if (bits <= 8) return 2 ** (zeroPoints ? bits : bits - 1) - 1;
    throw new RangeError(
      `Cannot multiply in whole numbers as bits must be at most 8: current value is ${bits}`,
    );
  });
  if (run * largest[0]! * largest[1]! > largestSum) {
    throw new RangeError(
      `Cannot multiply in whole numbers as a sum must fit 32 bits: current values are ${run} products of up to ${
        largest[0]
      } x ${largest[1]}`,
    );
  }
}
