/**
 * The methods that round weights, as transforms for `loadModel()` and `assembleModel()`.
 *
 * For a fair comparison all of them lay the same grid: asymmetric unless asked otherwise, as in the papers' tables. The
 * embedding table and the head stay as they are, as in the papers.
 *
 * @module
 */
import type { Weight, WeightTransform } from "../../lm/mod.ts";
import { Matrix } from "../../numeric/mod.ts";
import type { UniformGrid } from "../uniform/grid.ts";
import { roundToNearest } from "../uniform/quantize.ts";
import { awq } from "./awq.ts";
import { type Calibration, statisticsOf } from "./calibration.ts";
import { gptq, type GptqOptions } from "./gptq.ts";
import { hessian } from "./hessian.ts";

const tables: ReadonlySet<string> = new Set(["model.embed_tokens.weight", "lm_head.weight"]);

function transformer(
  change: (matrix: Matrix<Float32Array>, weight: Weight) => Matrix<Float32Array>,
): WeightTransform {
  return (weight) => {
    const { name, outputs, inputs, data } = weight;
    if (tables.has(name)) return data;
    return change(new Matrix<Float32Array>(outputs, inputs, data), weight).data.slice();
  };
}

/**
 * Rounds each weight of a model to its nearest mark.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { roundingTransform } from "@fewer-bytes/quantization";
 *
 * const weight = { name: "w", outputs: 1, inputs: 2, data: Float32Array.of(3, 0.9) };
 * assertEquals([...roundingTransform({ bits: 2 })(weight)], [3, 1]);
 * ```
 */
export function roundingTransform(grid: UniformGrid): WeightTransform {
  return transformer((matrix) => roundToNearest(matrix, { symmetric: false, ...grid }));
}

/**
 * Rounds the weights of a model with {@linkcode gptq}.
 *
 * @throws {RangeError} when used, for a matrix that the calibration did not see.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadModel, writeStory } from "@fewer-bytes/lm";
 * import { calibrate, gptqTransform } from "@fewer-bytes/quantization";
 *
 * const calibration = calibrate(await loadModel("target"), [writeStory(1, 64)]);
 * const model = await loadModel("target", gptqTransform(calibration, { bits: 3, groupSize: 64 }));
 * assertEquals(new Set(model.layers[0]!.queries.data.subarray(0, 64)).size <= 8, true);
 * ```
 */
export function gptqTransform(calibration: Calibration, options: GptqOptions): WeightTransform {
  return transformer((matrix, weight) =>
    gptq(matrix, hessian(statisticsOf(calibration, weight)), { symmetric: false, ...options })
  );
}

/**
 * Rounds the weights of a model with {@linkcode awq}.
 *
 * @throws {RangeError} when used, for a matrix that the calibration did not see.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Matrix } from "@fewer-bytes/numeric";
 * import { awqTransform, inputStatistics } from "@fewer-bytes/quantization";
 *
 * const calibration = new Map([["w", inputStatistics(new Matrix(1, 2, Float32Array.of(1, 1)))]]);
 * const weight = { name: "w", outputs: 1, inputs: 2, data: Float32Array.of(3, 0.9) };
 * assertEquals([...awqTransform(calibration, { bits: 2 })(weight)], [3, 1]);
 * ```
 */
export function awqTransform(
  calibration: Calibration,
  options: UniformGrid & { readonly searchClip?: boolean; readonly tries?: number },
): WeightTransform {
  const { searchClip = false, tries = 20, ...grid } = options;
  return transformer((matrix, weight) =>
    awq(matrix, statisticsOf(calibration, weight), { symmetric: false, ...grid }, {
      searchClip,
      tries,
    })
      .weights
  );
}
