import { type Floats, Matrix } from "../../numeric/mod.ts";
import {
  type AttentionInputs,
  type AttentionOptions,
  attentionShape,
} from "../flash/attention_inputs.ts";

/**
 * What is attention when each query looks at tokens of its own choice? Softmax over those alone.
 *
 * @param chosen For each query, places of keys; a query with none gets zeros. Causality is the chooser's affair.
 * @throws {TypeError} when there is not one list for each query.
 * @throws {RangeError} for a place beyond the keys.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { attendChosen } from "@fewer-bytes/attention";
 *
 * const keys = Matrix.from([[1], [1], [1]]);
 * const inputs = { queries: Matrix.from([[1]]), keys, values: Matrix.from([[2], [50], [4]]) };
 * assertEquals(attendChosen(inputs, [[0, 2]]).toRows(), [[3]]);
 * ```
 */
export function attendChosen<T extends Floats>(
  inputs: AttentionInputs<T>,
  chosen: readonly ArrayLike<number>[],
  options: Pick<AttentionOptions, "scale"> = {},
): Matrix<Float64Array<ArrayBuffer>> {
  const { queries, keys, width, valueWidth, scale } = attentionShape(inputs, options);
  if (chosen.length !== queries) {
    throw new TypeError(
      `Cannot attend as each of ${queries} queries needs a list: current number is ${chosen.length}`,
    );
  }
  const output = new Float64Array(queries * valueWidth);
  const [q, k, v] = [inputs.queries.data, inputs.keys.data, inputs.values.data];
  chosen.forEach((list, row) => {
    const scores = new Float64Array(list.length);
    for (let j = 0; j < list.length; j++) {
      const key = list[j]!;
      if (!(key >= 0 && key < keys)) {
        throw new RangeError(
          `Cannot attend as chosen places must be below ${keys}: current value is ${key}`,
        );
      }
      let score = 0;
      for (let x = 0; x < width; x++) score += q[row * width + x]! * k[key * width + x]!;
      scores[j] = score * scale;
    }
    const maximum = scores.reduce((most, score) => Math.max(most, score), -Infinity);
    let sum = 0;
    for (let j = 0; j < list.length; j++) sum += scores[j] = Math.exp(scores[j]! - maximum);
    for (let j = 0; j < list.length; j++) {
      for (let x = 0; x < valueWidth; x++) {
        output[row * valueWidth + x]! += scores[j]! / sum * v[list[j]! * valueWidth + x]!;
      }
    }
  });
  return new Matrix(queries, valueWidth, output);
}

/** The tokens of some blocks, in order: those before `end` alone. */
export function tokensOfBlocks(
  blocks: ArrayLike<number>,
  blockSize: number,
  end: number,
): Uint32Array<ArrayBuffer> {
  const tokens: number[] = [];
  for (let index = 0; index < blocks.length; index++) {
    const from = blocks[index]! * blockSize;
    for (let token = from; token < Math.min(end, from + blockSize); token++) tokens.push(token);
  }
  return Uint32Array.from(tokens);
}
