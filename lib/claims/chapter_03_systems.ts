import { Matrix } from "../numeric/mod.ts";
import {
  blockFloatingPoint,
  dynamicMap,
  encodeNvfp4,
  ggmlFormat,
  lloydMax,
  lookupTableMultiply,
  multiplyBitPlanes,
  packSherry,
  packTrits,
  quantize,
  roundActivations,
  roundToNearest,
  sharedExponent,
  signalToNoise,
  smallFloat,
  smallFloats,
  trainRegression,
} from "../quantization/mod.ts";
import { footprint } from "../roofline/mod.ts";
import { modeled, type ModeledSystem } from "./modeled_system.ts";
import { onH100, planes, weights } from "./small_examples.ts";

/** Systems of chapter 03, number formats, and what models each. */
export const chapter03Systems: Readonly<Record<string, ModeledSystem>> = {
  "uniform-symmetric-quantization": modeled(quantize, (run) => run(weights, { bits: 4 })),
  "uniform-asymmetric-quantization": modeled(
    quantize,
    (run) => run(weights, { bits: 4, symmetric: false }),
  ),
  "non-uniform-quantization": modeled(lloydMax, (run) => run(weights.data, 3)),
  "weight-only-vs-weight-activation": modeled(roundActivations, (run) => run({ bits: 8 })),
  "ptq": modeled(roundToNearest, (run) => run(weights, { bits: 4, groupSize: 2 })),
  "qat": modeled(trainRegression, (run) =>
    run({
      inputs: Matrix.from([[1, 0], [0, 1], [1, 1]]),
      targets: [2, -1, 1],
    }, { grid: { bits: 3 } })),
  "dynamic-tree-quantization": modeled(dynamicMap, (run) => run()),
  // one scale for a whole tensor, a power of two as the recipe allows; its choice from past maxima is not modeled
  "transformer-engine": modeled(
    sharedExponent,
    (run) => run("FP8, one scale", smallFloats.fp8E4M3, 4096),
  ),
  "fp4-e2m1": modeled(smallFloat, (run) => run("FP4 E2M1", 2, 1, "numbers")),
  "nvfp4": modeled(encodeNvfp4, (run) => run(new Float32Array(16).fill(3))),
  "mxfp8": modeled(sharedExponent, (run) => run("MXFP8 E4M3", smallFloats.fp8E4M3, 32)),
  "sherry": modeled(packSherry, (run) => run(Int8Array.of(1, -1, 0, 1))),
  "arbitrary-precision-tensor-cores": modeled(multiplyBitPlanes, (run) => run(planes, planes)),
  "q4-0": modeled(ggmlFormat, (run) => run("Q4_0")),
  // weights of any width times activations, exactly; the code that it writes for a GPU is not modeled
  "tilus": modeled(
    lookupTableMultiply,
    (run) => run({ rows: 1, columns: 4, data: [10, -20, 30, 40] }, planes, 2),
  ),
  "block-floating-point": modeled(blockFloatingPoint, (run) => run(4, 16)),
  "ternary-quantization": modeled(packTrits, (run) => run([1, 0, -1, -1, 1])),
  "activation-outliers": modeled(signalToNoise, (run) => run(8, 60)),
  "model-compression": modeled(footprint, (run) =>
    run({
      ...onH100("llama-3.1-70b"),
      formats: {
        weights: { format: "int4", groupSize: 128, scaleBits: 16 },
        cache: "bf16",
        activations: "bf16",
      },
    }, { promptTokens: 1000, outputTokens: 100 })),
};
