import { Matrix, seeded } from "../numeric/mod.ts";
import { adaptedOutput, mergeAdapter } from "../quantization/mod.ts";
import {
  a800,
  activationBytes,
  bestInterval,
  countAdapters,
  hostBuffers,
  keptActivations,
  layerChain,
  layerSwap,
  memoryFrontier,
  modelFlops,
  multistage,
  replay,
  segmentSchedule,
  snapshotSeconds,
  trainingForward,
  trainingStep,
  uniformChain,
} from "../training/mod.ts";
import { parameters } from "../transformer/mod.ts";
import {
  type Catalog,
  type Citation,
  cite,
  courseCatalog,
  type Derivation,
  derive,
} from "./derivation.ts";
import { exponent, shown } from "./measures.ts";

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const million = 2 ** 20;
/** Devices that trained Llama-3.1-405B. */
const cluster = 16_384;

/** Chapter 18, activations: what is kept, computed again, sent away or written down. */
export const chapter18Activations: readonly Derivation[] = [
  derive("a-lora-forward-sum", {
    assumptions: () => [
      "Llama-3.1-8B, adapters of rank 8 beside queries and values",
      `the two paths add up to the merged matrix within ${
        mergedGap().toExponential(0)
      } on a random layer`,
      `with one beside every matrix of a layer it is ${shown(trainedShare(courseCatalog, true))} %`,
    ],
    by: [countAdapters, adaptedOutput, mergeAdapter],
    relation: "at most",
    proxy: { computes: "numbers that are trained, of all weights", unit: "%", threshold: 1 },
    derived: (catalog) => trainedShare(catalog, false),
  }),
  derive("b-recomputation-trade", {
    assumptions: () => [
      "GPT-3, one sequence of 2,048 tokens on 8 A100 that split each layer and the sequence, everything but the inputs of layers computed again",
      `the time of all layers becomes ${
        shown(slowdownAt(courseCatalog, 0))
      } times as long; for half of the memory, with the best schedule, ${
        shown(slowdownAt(courseCatalog, 0.5))
      } times`,
    ],
    by: [activationBytes, memoryFrontier, layerChain],
    relation: "at most",
    proxy: { computes: "memory of activations, over keeping all", unit: "x", threshold: 1 },
    derived: ({ model }) => {
      const bytes = (recompute: "layers" | "nothing") =>
        activationBytes(model("gpt-3-175b"), { sequences: 1, tokens: 2048 }, {
          devices: 8,
          splitSequence: true,
          recompute,
        }).total;
      return bytes("layers") / bytes("nothing");
    },
  }),
  derive("b-chen-sublinear-memory", {
    assumptions: () => [
      "equal layers in as many segments as have layers each, played; between 256 and 1,024 of them",
      `100 layers are kept in the memory of ${
        rootReplay(100).peak
      }, with not quite one more forward pass: ${
        rootReplay(100).forwards.reduce((sum, times) => sum + times)
      } of layers and not 100`,
    ],
    by: [replay, segmentSchedule],
    proxy: { computes: "exponent of the memory in the depth", unit: "exponent", threshold: 0.5 },
    derived: () => Math.log(rootReplay(1024).peak / rootReplay(256).peak) / Math.log(4),
  }),
  derive("b-kukreja-constant-overhead", {
    assumptions: () => [
      "steps of 1 ms, states of 100 MB, 5 GB/s to the slow memory, 5 states in the fast one; a hundred times as many steps",
      `without the slow memory a step is computed ${
        shown(reversal(1000).forwardFactorWithout)
      } times in a chain of 1,000 and ${
        shown(reversal(100_000).forwardFactorWithout)
      } times in one of 100,000`,
    ],
    by: [multistage],
    proxy: {
      computes: "forward steps for each step, in the long chain over the short one",
      unit: "x",
      threshold: 1,
    },
    derived: () => reversal(100_000).forwardFactor / reversal(1000).forwardFactor,
  }),
  derive("d-memo-compute-quadratic", {
    assumptions: () => [
      "Llama-2-7B, operations of attention in a training step, from 65,536 tokens to twice as many",
      `of all operations it is ${shown(exponent(allFlops, 65_536))}, and ${
        shown(exponent(allFlops, million))
      } at a million tokens, where attention is ${
        percent(attentionFlops(courseCatalog, million) / allFlops(million))
      } of them; at 4,096 it is ${shown(exponent(allFlops, 4096))}`,
    ],
    by: [trainingForward, modelFlops],
    derived: (catalog) => exponent((tokens) => attentionFlops(catalog, tokens), 65_536),
  }),
  derive("d-memo-memory-linear", {
    assumptions: () => [
      "Llama-2-7B with FlashAttention, everything that layers keep, from 65,536 tokens to twice as many",
      `with scores in memory the exponent is ${
        exponent((tokens) => keptBytes(tokens, "scores"), 65_536).toFixed(2)
      }`,
    ],
    by: [keptActivations],
    derived: () => exponent((tokens) => keptBytes(tokens, "fused"), 65_536),
  }),
  derive("d-memo-52-3-mfu", {
    assumptions: () => [
      "Llama-2-7B, a sequence of 2^20 tokens, every layer split over 8 A800 (A100 with 200 GB/s between them), nothing computed again, pairs of tokens counted once; all peaks reached, which is a bound",
      `what a layer keeps leaves for the host in ${
        percent(hiddenShare(courseCatalog))
      } of the time that the layer computes, so that swapping costs no time; with every layer computed again, and 62 % of the peak, it is ${
        percent(utilization(courseCatalog, 0.62, "layers"))
      }`,
    ],
    by: [trainingStep, layerSwap],
    derived: (catalog) => 100 * utilization(catalog, 1, "nothing"),
    otherwise: {
      condition: "kernels reach 62 % of the peak, 80 % of the bandwidths",
      derived: (catalog) => 100 * utilization(catalog, 0.62, "nothing"),
    },
  }),
  derive("d-memascend-55-7", {
    assumptions: [
      "mean over Qwen2.5 0.5B and 7B, Llama-3.1-8B, Phi-3-medium, Llama-2-13B and Qwen3-32B; 8 sequences of 4,096 tokens whose layer inputs lie on the host",
      "one layer's weights in flight, gradients in 32 bits, states of 100 million parameters at a time: the library's guesses; the published models are others",
    ],
    by: [hostBuffers],
    derived: ({ model }) => {
      const saved = [
        "qwen2.5-0.5b",
        "qwen2.5-7b",
        "llama-3.1-8b",
        "phi-3-medium-4k",
        "llama-2-13b",
        "qwen3-32b",
      ].map((name) => {
        const work = { model: model(name), batch: { sequences: 8, tokens: 4096 } };
        const [before, after] = [
          { pool: "largest", pinned: "power-of-two", overflowCheck: "copies" } as const,
          {},
        ].map((policy) =>
          hostBuffers(work, policy).reduce((sum, { reserved }) => sum + reserved, 0)
        );
        return 1 - after! / before!;
      });
      return 100 * saved.reduce((sum, share) => sum + share) / saved.length;
    },
  }),
  derive("d-inmem-ckpt-frequency", {
    assumptions: () => [
      "Llama-3.1-405B on 16,384 devices, 14 bytes a parameter, a failure every 3.1 hours, as was reported of its training, recalled",
      "to the memories of other machines over 400 Gb/s for each device, or to a file system of 2 TB/s for all; the best interval of each",
      `with the host it is ${shown(bestOf(courseCatalog, 50e9))} s, with the file system ${
        shown(bestOf(courseCatalog, 2e12 / cluster))
      } s: it grows with the root of what a snapshot costs`,
    ],
    by: [bestInterval, snapshotSeconds],
    relation: "at least",
    proxy: { computes: "times as often", unit: "x", threshold: 10 },
    derived: (catalog) => bestOf(catalog, 2e12 / cluster) / bestOf(catalog, 50e9),
  }),
];

/** Claims about activations that no sum decides. */
export const chapter18ActivationCitations: readonly Citation[] = [
  cite(
    "d-memo-mfu-megatron",
    "a mean over measured runs of another program; 52.3 % with MEMO would leave it 21.6 %. A later version of the paper states 1.97 times",
  ),
  cite(
    "d-memo-mfu-deepspeed",
    "a mean over measured runs of another program; 52.3 % with MEMO would leave it 23.1 %. A later version of the paper states 1.80 times",
  ),
];

/** The largest difference between two paths and a merged matrix, over the largest output. */
function mergedGap(): number {
  const random = seeded(18);
  const normal = (rows: number, columns: number) =>
    new Matrix(rows, columns, new Float64Array(rows * columns)).map(() => random.normal());
  const weights = normal(16, 24), x = normal(5, 24);
  const adapter = { rank: 4, alpha: 8, down: normal(4, 24), up: normal(16, 4) };
  const [apart, merged] = [
    adaptedOutput(weights, adapter, x),
    x.multiply(mergeAdapter(weights, adapter).transpose()),
  ];
  const largest = Math.max(...merged.data.map(Math.abs));
  return Math.max(...apart.data.map((value, i) => Math.abs(value - merged.data[i]!))) / largest;
}

function trainedShare({ model }: Catalog, everywhere: boolean): number {
  const llama = model("llama-3.1-8b");
  const matrices = everywhere
    ? ["queries", "keys", "values", "output", "gate", "up", "down"]
    : ["queries", "values"];
  return 100 * countAdapters(llama, { rank: 8, matrices }).trained / parameters(llama).total;
}

/** How many times as long all layers of GPT-3 take, when so much of the memory is there; 0: only their inputs are kept. */
function slowdownAt({ model, hardware }: Catalog, share: number): number {
  const chain = layerChain({
    model: model("gpt-3-175b"),
    hardware: hardware("nvidia-a100-sxm-80gb"),
    batch: { sequences: 1, tokens: 2048 },
    devices: 8,
  }, { splitSequence: true });
  const all = replay(chain, segmentSchedule(chain, 1));
  if (share === 0) return replay(chain, segmentSchedule(chain, chain.length)).seconds / all.seconds;
  return memoryFrontier(chain, share * all.peak, 100).at(-1)!.seconds / all.seconds;
}

function rootReplay(layers: number) {
  const chain = uniformChain(layers);
  return replay(chain, segmentSchedule(chain));
}

function reversal(steps: number) {
  return multistage({ steps, stepSeconds: 1e-3, stateBytes: 1e8, bandwidth: 5e9, states: 5 });
}

function attentionFlops({ model }: Catalog, tokens: number): number {
  const rows = trainingForward(model("llama-2-7b"), { sequences: 1, tokens });
  return modelFlops(rows.filter(({ name }) => name === "attention"));
}

function allFlops(tokens: number): number {
  return modelFlops(trainingForward(courseCatalog.model("llama-2-7b"), { sequences: 1, tokens }));
}

function keptBytes(tokens: number, attention: "fused" | "scores"): number {
  const llama = courseCatalog.model("llama-2-7b");
  return keptActivations(llama, { sequences: 1, tokens }, { attention })
    .reduce((sum, { inLayers, bytes }) => sum + (inLayers ? bytes : 0), 0);
}

function longSequence({ model, hardware }: Catalog) {
  return {
    model: model("llama-2-7b"),
    hardware: a800(hardware("nvidia-a100-sxm-80gb")),
    batch: { sequences: 1, tokens: million },
    devices: 8,
  };
}

function utilization(catalog: Catalog, compute: number, recompute: "layers" | "nothing"): number {
  const efficiency = compute === 1
    ? { compute, memory: 1, link: 1 }
    : { compute, memory: 0.8, link: 0.8 };
  return trainingStep({ ...longSequence(catalog), recompute, efficiency }).modelUtilization;
}

function hiddenShare(catalog: Catalog): number {
  const { transfer, compute } = layerSwap(longSequence(catalog));
  return transfer / compute;
}

/** The best interval between snapshots, when each device writes at a rate. */
function bestOf({ model }: Catalog, rate: number): number {
  const bytes = 14 * parameters(model("llama-3.1-405b")).total / cluster;
  return bestInterval({
    snapshot: snapshotSeconds(bytes, [rate]),
    meanBetweenFailures: 3.1 * 3600,
  });
}
