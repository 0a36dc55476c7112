import { blockTopK, indexChooser, SelectiveCache } from "../attention/mod.ts";
import {
  cascade,
  CascadeCache,
  groupedFourBits,
  millionTokenSteps,
  offloadedDecode,
  type OffloadPolicy,
  plainFourBits,
  PromptPruningCache,
  snapKeyValues,
  splitBits,
  stack,
  type StackStep,
} from "../cache/mod.ts";
import type { Storage } from "../catalog/mod.ts";
import { DenseCache } from "../lm/mod.ts";
import { seeded } from "../numeric/mod.ts";
import { operators, sumOperators } from "../transformer/mod.ts";
import {
  type Catalog,
  type Citation,
  cite,
  courseCatalog,
  type Derivation,
  derive,
} from "./derivation.ts";
import { exponent, prefillStep, shown } from "./measures.ts";
import { gaussian } from "./outlier_layer.ts";
import { answersByTurn, oneHead, turnsWords } from "./recalled_keys.ts";

/** A card, and how many users it has. */
interface Server {
  readonly card: string;
  readonly users: number;
}

const million = 1_000_000;
const qwen = "qwen3-8b";
const b200 = "nvidia-b200";
const stackWords =
  "Qwen3-8B with latents of 512 + 64 values in place of its heads, 4 bits without scales, native sparse attention; a million tokens, one user. The model would have to be trained so";
const batchWords =
  "a bound, so that it may not be less than what was measured: OPT-6.7B on A100 80 GB, 256 users, 128 tokens of prompt and 512 of answer; a fifth of the tokens needed, in 8 bits";
const large: Server = { card: "nvidia-a100-sxm-80gb", users: 256 };
const small: Server = { card: "nvidia-v100-sxm-16gb", users: 64 };
const atHost: OffloadPolicy = { kind: "host", rate: 100e9 };

/** Chapter 08, fewer tokens, and techniques on top of each other. */
export const chapter08Tokens: readonly Derivation[] = [
  derive("c-stack-few-gb", {
    assumptions: () => [
      stackWords,
      `sparse reads do not shrink what is stored: before them it is ${
        shown(stages(courseCatalog)[2]!.stored.cache / 1e9, 2)
      } GB, and the compressed tokens by which they choose are kept besides; with scales ${
        shown(stages(courseCatalog, groupedFourBits)[3]!.stored.cache / 1e9, 2)
      } GB`,
    ],
    by: [stack, millionTokenSteps],
    derived: (catalog) => stages(catalog)[3]!.stored.cache / 1e9,
    otherwise: {
      condition: "values take 2 bits",
      derived: (catalog) => stages(catalog, "int2")[3]!.stored.cache / 1e9,
    },
  }),
  derive("c-stack-half-gb-traffic", {
    assumptions: () => [
      stackWords,
      `the cache alone; the weights move ${
        shown(stages(courseCatalog)[3]!.moved.weights / 1e9, 2)
      } GB besides, and ${
        shown(stages(courseCatalog)[4]!.moved.weights / 1e9, 2)
      } GB in 4 bits: either is most of the traffic`,
    ],
    by: [stack, millionTokenSteps],
    derived: (catalog) => stages(catalog)[3]!.moved.cache / 1e9,
    otherwise: {
      condition: "all heads together read 12 blocks of 4,096 tokens, the sizes of MoBA",
      derived: (catalog) => stages(catalog, plainFourBits, inBlocks)[3]!.moved.cache / 1e9,
    },
  }),
  derive("c-stack-single-gpu", {
    assumptions: () => [
      `${stackWords}; weights and cache over the memory of a B200`,
      `as it is, with ${
        shown(stages(courseCatalog)[0]!.stored.cache / 1e9, 2)
      } GB of cache, it would fill ${
        shown(filled(courseCatalog, 0), 2)
      } of one: far from impossible; what is hard is the ${
        (1e3 * stages(courseCatalog)[0]!.seconds).toFixed(0)
      } ms that a token takes`,
    ],
    by: [stack, millionTokenSteps],
    relation: "at most",
    derived: (catalog) => filled(catalog, 3),
  }),
  derive("d-alisa-vs-flexgen", {
    assumptions: () => [
      `${batchWords}; FlexGen's part of the caches on the host is attended to there, at 100 GB/s`,
      `where the caches come over the link instead, it is ${
        shown(alisaOver(courseCatalog, { kind: "host" }, large), 2)
      }; on V100 16 GB with 64 users, the card of the paper, ${
        shown(alisaOver(courseCatalog, atHost, small), 2)
      } against attention on the host`,
    ],
    by: [offloadedDecode],
    relation: "at least",
    derived: (catalog) => alisaOver(catalog, atHost, large),
  }),
  derive("d-alisa-vs-vllm", {
    assumptions: () => [
      `${batchWords}; vLLM runs as many users as fit, and the others wait; on V100 16 GB with 64 users it is ${
        shown(alisaOver(courseCatalog, { kind: "wait" }, small), 2)
      }`,
    ],
    by: [offloadedDecode],
    relation: "at least",
    derived: (catalog) => alisaOver(catalog, { kind: "wait" }, large),
  }),
  derive("d-scbench-sub-on-memory-fails", {
    assumptions: () => [
      `${turnsWords}; 16 tokens kept after the prompt, by what its end looked at`,
      `where all are kept and 16 read, the ratio is ${
        shown(
          secondOverFirst((model) =>
            new SelectiveCache(
              new DenseCache(1, model.headDimension),
              model,
              indexChooser(model, 16),
            )
          ),
          2,
        )
      }; the course's own model shows the same in the chapter`,
    ],
    by: [PromptPruningCache],
    relation: "at most",
    proxy: {
      computes: "right answers to the second question over those to the first",
      unit: "x",
      threshold: 0.5,
    },
    derived: () =>
      pruned ??= secondOverFirst((model) => new PromptPruningCache(model, snapKeyValues(16, 4))),
  }),
  derive("d-scbench-sparse-prefill-robust", {
    assumptions: [
      "Llama 3.1 8B; operations of attention for a prompt of 128 Ki tokens and of twice as many, 16 blocks of 64 for each token",
      "the choice of blocks is counted; it still looks at all of them, so the exponent comes near 2 again where it is most of the work",
      "that such methods stay robust is a finding on trained models",
    ],
    by: [operators, blockTopK],
    relation: "at most",
    derived: ({ model }) =>
      exponent((length) =>
        sumOperators(
          operators(model("llama-3.1-8b"), prefillStep(length), {
            reads: blockTopK({ blockSize: 64, topK: 16 }),
          }).filter(({ name }) => name === "attention" || name === "choice of tokens"),
        ).flops, 131_072),
  }),
  derive("d-spatten-progressive-quant", {
    assumptions: [
      "100 keys of 32 channels in 4 high and 4 low bits; queries with a clear winner, and queries with none",
      "how far shares of attention move when the low bits are missing: the reason for which they are not fetched",
    ],
    by: [splitBits],
    relation: "at least",
    proxy: {
      computes: "error of flat attention by the high bits over that of attention with a winner",
      unit: "x",
      threshold: 2,
    },
    derived: () => doubt ??= flatOverPeaked(),
  }),
  derive("d-spatten-cascade", {
    assumptions: () => [
      "three layers of random attention over 60 tokens, which keep 40, 20 and 10",
      `so ratios multiply: where each of 12 layers keeps 90 % of what it gets, ${
        (100 * cascade(new Array(12).fill(0.9)).kept.at(-1)!).toFixed(0)
      } % are left at the top`,
    ],
    by: [CascadeCache],
    relation: "at most",
    proxy: {
      computes: "tokens that a layer keeps though the one below has pruned them",
      unit: "tokens",
      threshold: 0,
    },
    derived: revived,
  }),
];

const comparison =
  "a comparison of a design with other machines in a simulator; neither is in the catalog";

/** Claims of chapter 08 that are only cited. */
export const chapter08Citations: readonly Citation[] = [
  cite("d-kv-survey-three-levels", "a choice of how to sort methods"),
  cite("d-scbench-12-tasks", "what a benchmark consists of"),
  cite("d-scbench-8-methods-8-models", "what a benchmark compares"),
  cite("d-xquant-7-7x-ppl", "a score of trained models; the course's own are in the chapter"),
  cite(
    "d-spatten-dram-10x",
    "how much can be pruned without loss is a finding on thirty trained models; what a given cascade and given bits save follows from cascade() and splitBits()",
  ),
  cite("d-spatten-vs-a3", comparison),
  cite("d-spatten-vs-mnnfast", comparison),
  cite(
    "d-spatten-vs-gpu",
    "measured against kernels for a batch of one, which use little of the card; no ratio of bandwidths explains it",
  ),
  cite(
    "d-spatten-vs-cpu",
    "measured against a processor that is not in the catalog, for a batch of one; no ratio of bandwidths explains it",
  ),
  cite("d-spatten-energy-a3", comparison),
  cite("d-spatten-energy-mnnfast", comparison),
  cite("d-spatten-energy-gpu", "energy in a simulator, against that of a whole card"),
  cite("d-spatten-energy-cpu", "energy in a simulator, against that of a whole processor"),
];

let pruned: number | undefined;
let doubt: number | undefined;

const inBlocks: StackStep = {
  name: "blocks",
  change: { reads: blockTopK({ blockSize: 4096, topK: 12, sharedChoice: true }) },
};

/** The stages of a million tokens. */
function stages(
  { model, hardware }: Catalog,
  fourBits: Storage = plainFourBits,
  sparse?: StackStep,
) {
  const steps = millionTokenSteps({ fourBits });
  if (sparse) steps[2] = sparse;
  return stack({ model: model(qwen), hardware: hardware(b200) }, million, steps);
}

/** How much of a device a stage fills. */
function filled(catalog: Catalog, stage: number): number {
  const { weights, cache } = stages(catalog)[stage]!.stored;
  return (weights + cache) / catalog.hardware(b200).memory[0].capacity;
}

/** Tokens a second of ALISA's policy over those of another. */
function alisaOver(
  { model, hardware }: Catalog,
  other: OffloadPolicy,
  { card, users }: Server,
): number {
  const batch = {
    model: model("opt-6.7b"),
    hardware: hardware(card),
    batch: users,
    promptTokens: 128,
    outputTokens: 512,
  };
  const sparse = { kind: "sparse", needed: 0.2, storage: "int8" } as const;
  return offloadedDecode(batch, sparse).tokensPerSecond /
    offloadedDecode(batch, other).tokensPerSecond;
}

function secondOverFirst(make: Parameters<typeof answersByTurn>[0]): number {
  const [first, second] = answersByTurn(make);
  return second / first;
}

/** How far high bits alone move flat attention, over how far they move attention with a winner. */
function flatOverPeaked(): number {
  const random = seeded(8);
  const [count, width] = [100, 32];
  const keys = gaussian(count, width, random);
  const rows = Array.from(
    { length: count },
    (_, token) => splitBits(keys.row(token), { high: 4, low: 4 }),
  );
  const shares = (part: "high" | "all", query: Float32Array) => {
    const weights = rows.map((row) =>
      Math.exp(row[part].reduce((sum, key, i) => sum + key * query[i]!, 0) / Math.sqrt(width))
    );
    const sum = weights.reduce((a, b) => a + b, 0);
    return weights.map((weight) => weight / sum);
  };
  const moved = (query: Float32Array) => {
    const all = shares("all", query);
    return shares("high", query).reduce((sum, share, i) => sum + Math.abs(share - all[i]!), 0);
  };
  let [flat, peaked] = [0, 0];
  for (let ask = 0; ask < 40; ask++) {
    flat += moved(gaussian(1, width, random).data);
    peaked += moved(keys.row(ask).map((value) => 3 * value));
  }
  return flat / peaked;
}

/** Tokens that a layer of a cascade keeps though they are gone below. */
function revived(): number {
  const random = seeded(8);
  const model = { ...oneHead, layers: [0, 1, 2].flatMap(() => oneHead.layers) };
  const cache = new CascadeCache(model, { tokens: [40, 20, 10], recent: 2 });
  for (let position = 0; position < 60; position++) {
    model.layers.forEach((_, layer) => {
      const keys = gaussian(1, model.headDimension, random).data;
      cache.append(layer, { position, keys, values: keys, hidden: keys });
      const weights = Array.from(cache.read(layer).chosen![0]!, () => random.uniform());
      const sum = weights.reduce((a, b) => a + b, 0);
      cache.observe(layer, 0, Float32Array.from(weights, (weight) => weight / sum));
    });
    cache.advance(1);
  }
  return [1, 2].reduce((count, layer) => {
    const below = new Set(cache.kept(layer - 1));
    return count + cache.kept(layer).filter((token) => !below.has(token)).length;
  }, 0);
}
