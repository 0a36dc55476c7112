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
  "uniform-symmetric-quantization": modeled(quantize, weights, { bits: 4 }),
  "uniform-asymmetric-quantization": modeled(quantize, weights, { bits: 4, symmetric: false }),
  "non-uniform-quantization": modeled(lloydMax, weights.data, 3),
  "weight-only-vs-weight-activation": modeled(roundActivations, { bits: 8 }),
  "ptq": modeled(roundToNearest, weights, { bits: 4, groupSize: 2 }),
  "qat": modeled(trainRegression, {
    inputs: Matrix.from([[1, 0], [0, 1], [1, 1]]),
    targets: [2, -1, 1],
  }, { grid: { bits: 3 } }),
  "dynamic-tree-quantization": modeled(dynamicMap),
  // one scale for a whole tensor, a power of two as the recipe allows; its choice from past maxima is not modeled
  "transformer-engine": modeled(sharedExponent, "FP8, one scale", smallFloats.fp8E4M3, 4096),
  "fp4-e2m1": modeled(smallFloat, "FP4 E2M1", 2, 1, "numbers"),
  "nvfp4": modeled(encodeNvfp4, new Float32Array(16).fill(3)),
  "mxfp8": modeled(sharedExponent, "MXFP8 E4M3", smallFloats.fp8E4M3, 32),
  "sherry": modeled(packSherry, Int8Array.of(1, -1, 0, 1)),
  "arbitrary-precision-tensor-cores": modeled(multiplyBitPlanes, planes, planes),
  "q4-0": modeled(ggmlFormat, "Q4_0"),
  // weights of any width times activations, exactly; the code that it writes for a GPU is not modeled
  "tilus": modeled(
    lookupTableMultiply,
    { rows: 1, columns: 4, data: [10, -20, 30, 40] },
    planes,
    2,
  ),
  "block-floating-point": modeled(blockFloatingPoint, 4, 16),
  "ternary-quantization": modeled(packTrits, [1, 0, -1, -1, 1]),
  "activation-outliers": modeled(signalToNoise, 8, 60),
  "model-compression": modeled(footprint, {
    ...onH100("llama-3.1-70b"),
    formats: {
      weights: { format: "int4", groupSize: 128, scaleBits: 16 },
      cache: "bf16",
      activations: "bf16",
    },
  }, { promptTokens: 1000, outputTokens: 100 }),
};
