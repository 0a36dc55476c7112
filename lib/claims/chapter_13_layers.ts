import {
  type ComparedLayers,
  compareLayers,
  findLink,
  isFeedForward,
  type LayerSplit,
  megaScaleModels,
  microBatchesFor,
  pingPong,
  splitLayers,
  wholeLayers,
} from "../disaggregation/mod.ts";
import { operatorTime, ridgePoint } from "../roofline/mod.ts";
import {
  arithmeticIntensity,
  feedForwardParameters,
  operators,
  sumOperators,
} from "../transformer/mod.ts";
import { bytesPerValue, type Model, type Storage } from "../catalog/mod.ts";
import { type Catalog, courseCatalog, type Derivation, derive } from "./derivation.ts";
import { computeOverMemory, decodeStep, shown, smallest } from "./measures.ts";

const llama = "Llama 3.1 8B on H100 in BF16, 4,096 tokens of context";
const fourBits = { format: "int4", groupSize: 128, scaleBits: 16 } as const;

/** Chapter 13, inside a layer: attention and feed-forward on devices of their own. */
export const chapter13Layers: readonly Derivation[] = [
  derive("a-attention-vs-ffn-profile", {
    assumptions: () => [
      `${llama}, a decode step of 64 sequences`,
      `attention has ${
        shown(attentionIntensity(courseCatalog))
      } operations a byte with any batch; for one sequence feed-forward has ${
        shown(feedForwardIntensity(courseCatalog, 1))
      }, and the roles are exchanged`,
    ],
    by: [operators, arithmeticIntensity],
    relation: "at least",
    proxy: {
      computes: "operations a byte of feed-forward, over those of attention",
      unit: "x",
      threshold: 1,
    },
    derived: (catalog) => feedForwardIntensity(catalog, 64) / attentionIntensity(catalog),
  }),
  derive("b-attention-memory-bound", {
    assumptions: () => [
      `${llama}, a decode step of 64 sequences; the ratio is the same with any batch, as each sequence reads its own cache`,
      `four query heads share a cached head here; in DeepSeek-V3 128 heads share one latent, and on the same device the ratio is ${
        shown(1 / attentionBalance(courseCatalog, "deepseek-v3"))
      }`,
    ],
    by: [operators, operatorTime],
    relation: "at least",
    proxy: {
      computes: "time of attention's bytes, over time of its arithmetic",
      unit: "x",
      threshold: 1,
    },
    derived: (catalog) => 1 / attentionBalance(catalog, "llama-3.1-8b"),
  }),
  derive("b-ffn-compute-bound", {
    assumptions: [
      `${llama}, a decode step of 32 sequences`,
      "an operation for each weight and sequence, so as many operations a byte as there are sequences, until activations count",
    ],
    by: [operators, operatorTime, ridgePoint],
    relation: "at least",
    proxy: {
      computes: "time of feed-forward's arithmetic, over time of its bytes",
      unit: "x",
      threshold: 1,
    },
    derived: (catalog) => feedForwardBalance(catalog, 32),
    otherwise: {
      condition: () =>
        `512 sequences decode together; ${
          smallest((batch) => feedForwardBalance(courseCatalog, batch) >= 1)
        } are enough`,
      derived: (catalog) => feedForwardBalance(catalog, 512),
    },
  }),
  derive("b-ffn-weights-preloaded", {
    assumptions: [
      "Qwen3-8B in BF16, all feed-forward weights, against second-level cache and registers of one H100; nothing else may lie there",
      "preloaded or not, they would have as few operations a byte as before: only the memory that they come from would be another",
    ],
    by: [feedForwardParameters],
    relation: "at most",
    proxy: { computes: "feed-forward weights, over memory on the chip", unit: "x", threshold: 1 },
    derived: (catalog) => weightsOverChip(catalog, "bf16", 1),
    otherwise: {
      condition: "stored in 4 bits, scales included, and shared out over 64 devices",
      derived: (catalog) => weightsOverChip(catalog, fourBits, 64),
    },
  }),
  derive("a-megascale-1-9x", {
    assumptions: [
      "Scaled-MoE of the paper, 317 billion parameters in BF16, a shape that is partly a guess, on A100 80 GB in machines of 8 with 200 Gb/s for each device; decoding alone, 650 tokens of context, at most 150 ms a token, 2 µs a message, all peaks reached, experts loaded evenly",
      "over the better of two servers that do everything, whose experts are spread over the 16 devices of two machines: a split wins the communication that it hides, as both read the weights once for all tokens; within one machine it wins next to nothing",
      "both ways take the largest batch that keeps the promise and fits, and the split its best shape",
    ],
    by: [compareLayers, wholeLayers, splitLayers],
    derived: (catalog) => splitGain(catalog).best,
    otherwise: {
      condition: "the other way cuts every matrix and adds up across both machines",
      derived: (catalog) => splitGain(catalog).tensor,
    },
  }),
  derive("a-megascale-pingpong-busy", {
    assumptions: () => [
      "Mixtral 8x22B on A100: eight attention servers of one device, feed-forward on eight devices, 256 sequences of 730 tokens on each server, 3 micro-batches, a link of 200 Gb/s for each device; the share of time in which the less busy side computes",
      `the slower side, here feed-forward, never waits: it needs ${
        microBatchesFor(splitLayers(mixtral(courseCatalog, 730)).times)
      } micro-batches; the faster one waits with any number`,
    ],
    by: [splitLayers, pingPong, microBatchesFor],
    derived: (catalog) => lessBusy(catalog, 730),
    otherwise: {
      condition: "both sides take equally long, here at the context where they do",
      derived: (catalog) => lessBusy(catalog, balancedContext(catalog)),
    },
  }),
  derive("b-sublayer-splitting", {
    assumptions: [
      "Mixtral 8x22B in BF16, 730 tokens of context; attention servers of one A100, feed-forward on eight H100, a link of 400 Gb/s for each device",
      "1 to 24 attention servers, 256 sequences on each, 2 to 4 micro-batches: the best of them; what a device costs is its thermal design power, as the catalog has no prices",
    ],
    by: [splitLayers],
    relation: "at least",
    proxy: {
      computes: "tokens a second for a watt, two kinds of devices over the better one alone",
      unit: "x",
      threshold: 1,
    },
    derived: (catalog) => {
      const [a100, h100] = ["nvidia-a100-sxm-80gb", "nvidia-h100-sxm"] as const;
      return bestSplit(catalog, a100, h100) /
        Math.max(bestSplit(catalog, a100, a100), bestSplit(catalog, h100, h100));
    },
  }),
];

/** Attention alone, in a decode step. */
function attentionRow(model: Model, batch: number) {
  return operators(model, decodeStep(4096, batch)).filter(({ name }) => name === "attention");
}

function attentionIntensity({ model }: Catalog): number {
  return arithmeticIntensity({ ...sumOperators(attentionRow(model("llama-3.1-8b"), 64)) });
}

/** Time of arithmetic over time of bytes. */
function attentionBalance({ model, hardware }: Catalog, name: string): number {
  return computeOverMemory(attentionRow(model(name), 64), hardware("nvidia-h100-sxm"));
}

function feedForwardRows({ model }: Catalog, batch: number) {
  return operators(model("llama-3.1-8b"), decodeStep(4096, batch)).filter(isFeedForward);
}

function feedForwardIntensity(catalog: Catalog, batch: number): number {
  return arithmeticIntensity({ ...sumOperators(feedForwardRows(catalog, batch)) });
}

function feedForwardBalance(catalog: Catalog, batch: number): number {
  return computeOverMemory(feedForwardRows(catalog, batch), catalog.hardware("nvidia-h100-sxm"));
}

/** Feed-forward weights of one device over everything that its chip can keep. */
function weightsOverChip({ model, hardware }: Catalog, storage: Storage, devices: number): number {
  const qwen = model("qwen3-8b");
  const weights = qwen.layers.reduce(
    (sum, { count, feedForward }) => sum + count * feedForwardParameters(qwen, feedForward).total,
    0,
  );
  const [, ...chip] = hardware("nvidia-h100-sxm").memory;
  return weights * bytesPerValue(storage) / devices /
    chip.reduce((sum, { capacity }) => sum + capacity, 0);
}

/** What a split wins over whole layers. */
function splitGain({ hardware }: Catalog): ComparedLayers["gain"] {
  const a100 = hardware("nvidia-a100-sxm-80gb");
  return compareLayers({
    model: megaScaleModels.scaledMoe,
    context: 650,
    timePerOutputToken: 0.15,
    network: {
      inside: a100.links[0]!,
      between: findLink("infiniband-hdr", a100),
      latency: 2e-6,
    },
    whole: { hardware: a100, devices: 16 },
    attention: a100,
    feedForward: a100,
    tries: {
      attentionDevices: [2],
      servers: [4, 6, 7, 8, 9, 10],
      feedForwardDevices: [16, 32],
      microBatches: [3, 4],
    },
  }).gain;
}

function mixtral({ model, hardware }: Catalog, context: number): LayerSplit {
  const a100 = hardware("nvidia-a100-sxm-80gb");
  return {
    model: model("mixtral-8x22b"),
    attention: { hardware: a100, devices: 1, servers: 8 },
    feedForward: { hardware: a100, devices: 8 },
    batch: 256,
    context,
    microBatches: 3,
    link: findLink("infiniband-hdr", a100),
  };
}

/** Percent of the time in which the less busy side computes. */
function lessBusy(catalog: Catalog, context: number): number {
  const { pingPong: { attentionUse, feedForwardUse } } = splitLayers(mixtral(catalog, context));
  return 100 * Math.min(attentionUse, feedForwardUse);
}

/** The shortest context at which attention takes as long as feed-forward. */
function balancedContext(catalog: Catalog): number {
  const longest = 2 ** 16;
  return smallest((context) => {
    const { times } = splitLayers(mixtral(catalog, context));
    return context >= longest || times.attention >= times.feedForward;
  });
}

/** Tokens a second for a watt, with the best number of servers and micro-batches. */
function bestSplit({ model, hardware }: Catalog, attention: string, feedForward: string): number {
  const [one, other] = [hardware(attention), hardware(feedForward)];
  let best = 0;
  for (const microBatches of [2, 3, 4]) {
    for (let servers = 1; servers <= 24; servers++) {
      const { tokensPerSecond } = splitLayers({
        model: model("mixtral-8x22b"),
        attention: { hardware: one, devices: 1, servers },
        feedForward: { hardware: other, devices: 8 },
        batch: 256,
        context: 730,
        microBatches,
        link: findLink("infiniband-ndr", one),
      });
      best = Math.max(best, tokensPerSecond / (servers * one.power! + 8 * other.power!));
    }
  }
  return best;
}
