import { rebuildIntensity, relativeError, xquant, xquantCrossLayer } from "../cache/mod.ts";
import type { Model } from "../catalog/mod.ts";
import { seeded } from "../numeric/mod.ts";
import { ridgePoint } from "../roofline/mod.ts";
import { cacheBytes, type CacheMethod } from "../transformer/mod.ts";
import { courseCatalog, type Derivation, derive } from "./derivation.ts";
import { shown } from "./measures.ts";
import { gaussian } from "./outlier_layer.ts";

const ownHeads = "llama-2-7b";
const sharedHeads = "llama-3.1-8b";
const [depth, width] = [32, 64];

/** Chapter 08, inputs in the place of keys and values: XQuant and XQuant-CL. */
export const chapter08Inputs: readonly Derivation[] = [
  derive("d-xquant-2x", {
    assumptions: [
      "Llama 3.1 8B, in which four query heads share keys and values; X at the same bits as these",
      "X is as wide as the hidden state, 4,096 values, and keys and values together are 2,048",
    ],
    by: [xquant, cacheBytes],
    derived: ({ model }) => timesSmaller(model(sharedHeads), plainInputs()),
    otherwise: {
      condition: "each query head has keys and values of its own, as in Llama 2 7B",
      derived: ({ model }) => timesSmaller(model(ownHeads), plainInputs()),
    },
  }),
  derive("d-xquant-7-7x", {
    assumptions: () => [
      "Llama 2 7B, with keys and values for each head: X in 4 bits, groups of 128 with a 16-bit scale and minimum",
      `with the grouped heads of Llama 3.1 8B it is ${
        shown(timesSmaller(courseCatalog.model(sharedHeads), xquant(4)), 2)
      } x`,
    ],
    by: [xquant, cacheBytes],
    derived: ({ model }) => timesSmaller(model(ownHeads), xquant(4)),
  }),
  derive("d-xquant-cl-10x", {
    assumptions: [
      "Llama 2 7B: differences of 3 bits, the first three layers 4 bits, groups of 128; the loss in perplexity is a finding on trained models",
    ],
    by: [xquantCrossLayer, cacheBytes],
    derived: ({ model }) => timesSmaller(model(ownHeads), differences(model(ownHeads), 3)),
  }),
  derive("d-xquant-cl-12-5x", {
    assumptions: [
      "a bound, so that it may not be less than what is stated: Llama 2 7B, differences of 2 bits, the first three layers 4 bits, groups of 128, no window",
      "the loss in perplexity is a finding on trained models",
    ],
    by: [xquantCrossLayer, cacheBytes],
    relation: "at least",
    derived: ({ model }) => timesSmaller(model(ownHeads), differences(model(ownHeads), 2)),
  }),
  derive("d-xquant-x-similar-across-layers", {
    assumptions: [
      `a residual stream of ${depth} layers, each of which adds a vector of equal size in a random direction; inputs normalized`,
      "the course's own model of 5 layers is shown in the chapter: few layers, each of which adds more",
    ],
    by: [relativeError],
    relation: "at most",
    proxy: {
      computes:
        "squared difference of neighboring inputs over their size, on average over layers; 2 where they have nothing in common",
      unit: "of the size",
      threshold: 0.5,
    },
    derived: () => similarity ??= neighborDifference(),
  }),
  derive("d-xquant-trades-compute", {
    assumptions: [
      "Llama 2 7B, X in 4 bits: operations to make keys and values again, for each byte of X that is read, over what an H100 can do meanwhile",
      "so it saves memory, and loses time whenever keys and values would have fit",
    ],
    by: [rebuildIntensity, ridgePoint],
    relation: "at most",
    proxy: { computes: "time to compute over time to read", unit: "x", threshold: 1 },
    derived: ({ model, hardware }) => {
      const llama = model(ownHeads);
      return rebuildIntensity(xquant(4), llama.layers[0]!.attention, llama) /
        ridgePoint(hardware("nvidia-h100-sxm"));
    },
  }),
];

let similarity: number | undefined;

function timesSmaller(model: Model, method: CacheMethod): number {
  return cacheBytes(model, 1000) / cacheBytes(model, 1000, { method });
}

/** X as it is, in as many bits as keys and values have. */
function plainInputs(): CacheMethod {
  const { name, kept } = xquant(4);
  return { name, ...(kept && { kept }) };
}

function differences(model: Model, bits: number): CacheMethod {
  return xquantCrossLayer(bits, model, { baseLayers: 3 });
}

/** How far a layer's normalized input is from that of the layer below, in a stream that random layers add to. */
function neighborDifference(): number {
  const random = seeded(8);
  let stream = new Float32Array(64 * width);
  const inputs = Array.from({ length: depth }, () => {
    const added = gaussian(64, width, random).data;
    stream = stream.map((value, i) => value + added[i]!);
    return normalized(stream);
  });
  const errors = inputs.slice(1).map((input, below) => relativeError(input, inputs[below]!));
  return errors.reduce((sum, error) => sum + error, 0) / errors.length;
}

function normalized(rows: Float32Array): Float32Array {
  const result = rows.slice();
  for (let start = 0; start < rows.length; start += width) {
    const size = Math.hypot(...rows.subarray(start, start + width)) / Math.sqrt(width);
    for (let i = start; i < start + width; i++) result[i] = rows[i]! / size;
  }
  return result;
}
