import type { Weight, WeightTransform } from "../lm/mod.ts";
import { Matrix } from "../numeric/mod.ts";
import { type Calibration, hessian } from "../quantization/mod.ts";
import { magnitudeMask } from "./magnitude.ts";
import { applyMask } from "./mask.ts";
import { sparseGpt } from "./sparse_gpt.ts";
import type { Amount } from "./saliency.ts";
import { channelNorms, wandaMask } from "./wanda.ts";

/** How a model is pruned. */
export interface ModelPruning {
  readonly method: "magnitude" | "wanda" | "sparsegpt";
  /** A share of each matrix, or a pattern such as 2:4. */
  readonly amount: Amount;
  /** What came into each matrix, from `calibrate`. Magnitudes do without. */
  readonly calibration?: Calibration;
  /** Which matrices are pruned. Default: those of the layers; the embedding and the head stay dense. */
  readonly prunes?: (name: string) => boolean;
}

/**
 * Prunes a model while it is loaded: pass the result to `loadModel`.
 *
 * All matrices are pruned for the inputs that the dense model gives them. The papers go layer by layer, so that later
 * layers see what earlier ones have become; that is a little better, and needs the model run once for each layer.
 *
 * @throws {TypeError} when Wanda or SparseGPT has no calibration. The transform throws a RangeError for a matrix that the
 * calibration did not see, and what the methods throw.
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { loadModel } from "@fewer-bytes/lm";
 * import { density, pruneTransform, twoOfFour } from "@fewer-bytes/sparsity";
 *
 * const model = await loadModel("target", pruneTransform({ method: "magnitude", amount: twoOfFour }));
 * assertAlmostEquals(density(model.layers[0]!.down.data), 0.5, 0.001);
 * assertAlmostEquals(density(model.head.data), 1, 0.001);
 * ```
 */
export function pruneTransform(pruning: ModelPruning): WeightTransform {
  const { method, amount, calibration, prunes = ofLayers } = pruning;
  if (method !== "magnitude" && !calibration) {
    throw new TypeError(`Cannot prune with ${method} as it needs a calibration: none was given`);
  }
  return (weight) => {
    if (!prunes(weight.name)) return weight.data;
    const matrix = new Matrix(weight.outputs, weight.inputs, weight.data);
    if (method === "magnitude") return applyMask(matrix, magnitudeMask(matrix, amount)).data;
    const statistics = calibration!.get(weight.name);
    if (!statistics) {
      throw new RangeError(
        `Cannot prune ${weight.name} as the calibration must have seen it: it saw ${
          calibration!.size
        } others`,
      );
    }
    return method === "wanda"
      ? applyMask(matrix, wandaMask(matrix, channelNorms(statistics), amount)).data
      : sparseGpt(matrix, hessian(statistics), { amount }).data;
  };
}

/** The matrices of the layers. */
function ofLayers(name: Weight["name"]): boolean {
  return name.startsWith("model.layers.");
}
