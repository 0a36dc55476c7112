import type { MultiplyRows, Weight } from "../../lm/mod.ts";
import { Matrix } from "../../numeric/mod.ts";
import { quantize } from "../../quantization/mod.ts";
import type { OperandBits } from "../crossbar/converter_bits.ts";
import type { IntegerMatrix } from "../lookup/lookup_products.ts";

/** Puts a matrix of whole numbers where it is multiplied, and gives what multiplies vectors with it. */
export type PrepareProducts = (matrix: IntegerMatrix) => (vector: Int32Array) => ArrayLike<number>;

/**
 * Lets a language model multiply in memory: weights and activations become whole numbers, and any way to multiply whole
 * numbers may do the rest: tables, cells with converters, or plain arithmetic to compare with.
 *
 * Each row of weights has a scale, and so has each token's row of activations, as 8-bit models have them. Weights are
 * prepared once, at their first use, and stay.
 *
 * @param prepare Called once for each weight matrix.
 * @returns For the option `multiply` of `forward()`, `score()` and `generate()`.
 * @throws {RangeError} when bits are not from 2 to 16.
 * @example Tables give the same as multiplication, to the last bit
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { lookupProducts, multiplyInMemory } from "@fewer-bytes/pim";
 *
 * const weight = { name: "w", outputs: 1, inputs: 3, data: Float32Array.of(7, -3, 2) };
 * const y = new Float32Array(1);
 * const tables = multiplyInMemory(
 *   { weightBits: 4, inputBits: 8 },
 *   (matrix) => (vector) => lookupProducts(matrix, vector, 2).products,
 * );
 * tables(Float32Array.of(127, 10, -1), 1, weight, y);
 * assertEquals(y[0], 7 * 127 - 3 * 10 - 2);
 * ```
 */
export function multiplyInMemory(
  { weightBits, inputBits }: OperandBits,
  prepare: PrepareProducts,
): MultiplyRows {
  const prepared = new WeakMap<Weight, { scales: Float32Array; products: PreparedProducts }>();
  const write = (weight: Weight) => {
    const { outputs, inputs, data } = weight;
    const { codes, scales } = quantize(new Matrix(outputs, inputs, data), { bits: weightBits });
    const matrix = {
      rows: outputs,
      columns: inputs,
      bits: weightBits,
      data: Int32Array.from(codes),
    };
    const entry = { scales, products: prepare(matrix) };
    prepared.set(weight, entry);
    return entry;
  };
  return (x, rows, weight, y) => {
    const { inputs, outputs } = weight;
    const { scales, products } = prepared.get(weight) ?? write(weight);
    const activations = new Matrix(rows, inputs, x.subarray(0, rows * inputs));
    const { codes, scales: tokens } = quantize(activations, { bits: inputBits });
    for (let row = 0; row < rows; row++) {
      const vector = Int32Array.from(codes.subarray(row * inputs, (row + 1) * inputs));
      const sums = products(vector);
      for (let output = 0; output < outputs; output++) {
        y[row * outputs + output] = sums[output]! * scales[output]! * tokens[row]!;
      }
    }
  };
}

type PreparedProducts = ReturnType<PrepareProducts>;
