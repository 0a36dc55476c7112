import { Matrix } from "../../numeric/mod.ts";
import { quantize } from "../uniform/quantize.ts";
import type { Rotation } from "./hadamard.ts";

/** A layer that is to be rounded, and what is fed to it. All in double precision, for gradients. */
export interface RoundedLayer {
  /** Outputs × inputs. */
  readonly weights: Rotation;
  /** Tokens × inputs: activations from calibration. */
  readonly inputs: Rotation;
  /** Bits of the weights, one scale an output. Default 4. */
  readonly weightBits?: number;
  /** Bits of the activations, one scale a token. Default 4. */
  readonly activationBits?: number;
}

/** How far a rounded layer is off, and which way to turn. */
export interface RoundedLayerLoss {
  /** Squared error of the outputs over their square: 0 is perfect, 1 is as bad as giving zeros. */
  readonly loss: number;
  /** The derivative by each entry of the rotation, straight through the rounding. */
  readonly gradient: Rotation;
}

/**
 * How wrong does a layer get when its rotated weights and activations are rounded? And how does that change with the
 * rotation?
 *
 * The output is `Q(X·R)·Q(W·R)ᵀ`; without Q it were X·Wᵀ for any R. Rounding has slope 0 almost everywhere, so its
 * derivative is useless. The straight-through estimate keeps the shift of each value in units of its scale,
 * c = round(x/s) − x/s, as a constant: `Q(x) ≈ x + c·s`. What is left depends on R smoothly: through x, and through the
 * scale s = max|x|/(2^(b−1) − 1), which is where an outlier is felt.
 *
 * @throws {TypeError} when the shapes do not fit.
 * @throws {RangeError} when bits or values are out of range.
 * @example
 * ```ts
 * import { assertLess } from "@std/assert";
 * import { Matrix, seeded } from "@fewer-bytes/numeric";
 * import { randomHadamard, roundedLayerLoss } from "@fewer-bytes/quantization";
 *
 * const layer = { weights: Matrix.from([[1, -2, 3, 1]]), inputs: Matrix.from([[0.4, 0.3, 90, -0.4]]) };
 * const still = Matrix.from([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]);
 * const { loss } = roundedLayerLoss({ ...layer, weightBits: 16, activationBits: 2 }, still);
 * assertLess(loss, 1e-4); // only the outlier is heard, and it is nearly all of the output
 * ```
 */
export function roundedLayerLoss(layer: RoundedLayer, rotation: Rotation): RoundedLayerLoss {
  const { weights, inputs, weightBits = 4, activationBits = 4 } = layer;
  const target = inputs.multiply(weights.transpose());
  const x = roundRows(inputs.multiply(rotation), activationBits);
  const w = roundRows(weights.multiply(rotation), weightBits);
  const energy = target.data.reduce((sum, value) => sum + value * value, 0) || 1;
  const error = x.values.multiply(w.values.transpose()).map((value, i) => value - target.data[i]!);
  const slope = error.map((value) => 2 * value / energy);
  const throughInputs = inputs.transpose().multiply(x.backward(slope.multiply(w.values)));
  const throughWeights = weights.transpose().multiply(
    w.backward(slope.transpose().multiply(x.values)),
  );
  return {
    loss: error.data.reduce((sum, value) => sum + value * value, 0) / energy,
    gradient: throughInputs.map((value, i) => value + throughWeights.data[i]!),
  };
}

/** Rows on a symmetric grid each, and the way back for gradients. */
function roundRows(matrix: Rotation, bits: number) {
  const { rows, columns, data } = matrix;
  const { codes, scales } = quantize(new Matrix(rows, columns, Float32Array.from(data)), { bits });
  const values = matrix.map((_, i) => codes[i]! * scales[Math.floor(i / columns)]!);
  const backward = (slope: Rotation): Rotation => {
    const result = slope.clone();
    for (let row = 0; row < rows; row++) {
      const scale = scales[row]!;
      let peak = row * columns, throughScale = 0;
      for (let i = row * columns; i < (row + 1) * columns; i++) {
        if (Math.abs(data[i]!) > Math.abs(data[peak]!)) peak = i;
        throughScale += slope.data[i]! * (codes[i]! - data[i]! / scale);
      }
      result.data[peak]! += throughScale * Math.sign(data[peak]!) / (2 ** (bits - 1) - 1);
    }
    return result;
  };
  return { values, backward };
}
