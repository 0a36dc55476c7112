import {
  type HybridModel,
  hybridOperators,
  hybridStepSeconds,
  largestContext,
  standardAttention,
  stateSpaceModels,
  trainedLengthFormula,
  TwoLevelMemory,
  unfusedTraffic,
} from "../attention/mod.ts";
import type { Model } from "../catalog/mod.ts";
import { Matrix } from "../numeric/mod.ts";
import { stepTime, weightBytes } from "../roofline/mod.ts";
import { cacheBytesPerToken, operators, sumOperators } from "../transformer/mod.ts";
import { findClaim } from "./claim.ts";
import {
  type Catalog,
  type Citation,
  cite,
  courseCatalog,
  type Derivation,
  derive,
} from "./derivation.ts";
import { exponent, prefillStep, shown, smallest } from "./measures.ts";

const card = "nvidia-rtx-4090";
const pair = { transformer: "qwen2.5-0.5b", states: "mamba2-780m" } as const;
const other = { transformer: "qwen3-0.6b", states: "mamba-790m" } as const;
type Pair = { readonly transformer: string; readonly states: keyof typeof stateSpaceModels };
const pairWords = "Mamba2-780m against Qwen2.5-0.5B on RTX 4090 24 GB in BF16";
const otherWords = () =>
  `the pair is Mamba-790m and Qwen3-0.6B, which has ${
    moreThanFirst((model) => cacheBytesPerToken(model))
  } times the cache and ${
    moreThanFirst((model) => attentionFlops(model, 4096))
  } times the operations of attention`;
const short = 1024;
const long = 57_000;

/** Chapter 06: dense attention, and state-space models against it. */
export const chapter06States: readonly Derivation[] = [
  derive("a-dense-attention-quadratic", {
    assumptions: [
      "Llama 2 7B; operations of attention for a prompt of 100,000 and of 200,000 tokens",
    ],
    by: [operators],
    derived: ({ model }) =>
      exponent((length) => attentionFlops(model("llama-2-7b"), length), 100_000),
  }),
  derive("a-dense-infeasible-few-thousand", {
    assumptions: [
      "Llama 2 7B in BF16, one prompt on A100 80 GB, of which 90 % may be filled; scores are not stored, as with FlashAttention",
      '"a few thousand" is read as: at most ten thousand',
    ],
    by: [largestContext, unfusedTraffic],
    relation: "at most",
    proxy: { computes: "longest prompt that fits", unit: "1e3 tokens", threshold: 10 },
    derived: ({ model, hardware }) =>
      largestContext(
        transformer(model("llama-2-7b")),
        0.9 * hardware("nvidia-a100-sxm-80gb").memory[0].capacity,
      ) / 1e3,
    otherwise: {
      condition:
        "the scores and weights of a layer are written to memory, as without such a kernel, and the card has 24 GB",
      derived: ({ model, hardware }) => {
        const llama = model("llama-2-7b");
        const free = 0.9 * hardware(card).memory[0].capacity - weightBytes(llama);
        return smallest((tokens) =>
          2 * unfusedTraffic(llama, prefillStep(tokens)).footprint > free
        ) / 1e3;
      },
    },
  }),
  derive("c-standard-attention-io", {
    assumptions: [
      "one head of width 16, run with all that moves between the two memories counted, at 128 and 256 tokens; the fast memory holds the tiles of both products",
      "at such lengths N² is much more than N d, so the sum grows with the square",
    ],
    by: [standardAttention],
    relation: "at least",
    proxy: {
      computes: "exponent with which the traffic grows",
      unit: "exponent of N",
      threshold: 1.8,
    },
    derived: () => countedExponent ??= exponent(storedTraffic, 128),
  }),
  derive("d-ssm-220k-24gb", {
    assumptions: [
      "Mamba2-780m in BF16 on RTX 4090 24 GB, all of which may be filled; the predictions for all tokens are kept, as a plain call of the published models returns them",
      "with the last prediction alone there is no limit: a state does not grow",
    ],
    by: [largestContext],
    derived: (catalog) => limit(catalog, stateSpaceModels[pair.states]) / 1e3,
  }),
  derive("d-ssm-4x-longer", {
    assumptions: [
      `${pairWords}; the predictions for all tokens are kept, and they are most of what fills the memory`,
      "so the ratio is nearly that of the vocabularies; with the last prediction alone there is no limit to compare with",
    ],
    by: [largestContext],
    derived: (catalog) => timesLonger(catalog, pair),
    otherwise: { condition: otherWords, derived: (catalog) => timesLonger(catalog, other) },
  }),
  derive("d-ssm-1-8x-slower-short", {
    assumptions: () => [
      `${pairWords}; a prompt of ${short.toLocaleString("en-US")} tokens, at the roofline`,
      `the larger part is that the state-space model has more parameters; with Mamba-790m it is ${
        shown(1 / timesFaster(courseCatalog, { ...pair, states: "mamba-790m" }, short), 2)
      } x, and against Qwen3-0.6B ${
        shown(1 / timesFaster(courseCatalog, { ...pair, transformer: "qwen3-0.6b" }, short), 2)
      } x`,
    ],
    by: [hybridStepSeconds],
    derived: (catalog) => 1 / timesFaster(catalog, pair, short),
  }),
  derive("d-ssm-4x-faster-57k", {
    assumptions: [
      `${pairWords}; a prompt of ${
        long.toLocaleString("en-US")
      } tokens, at the roofline, which favors neither kernel`,
    ],
    by: [hybridStepSeconds],
    derived: (catalog) => timesFaster(catalog, pair, long),
    otherwise: { condition: otherWords, derived: (catalog) => timesFaster(catalog, other, long) },
  }),
];

/** Claims of chapter 06 that were measured on trained models and real kernels, or describe how something was made. */
export const chapter06Citations: readonly Citation[] = [
  cite("d-bmojo-1-4b", "the perplexity of models that were trained at that size"),
  cite("d-bmojo-10pct-faster-training", "measured while training with kernels of its own"),
  cite("d-bmojo-32k", "a length that its authors chose to test"),
  cite(
    "d-bmojo-fourfold",
    () =>
      `how long the sequences of training were is a choice; the claim and the tested length together say ${
        trainedLengthFormula.evaluate({
          tested: findClaim("d-bmojo-32k").stated as number,
          factor: findClaim("d-bmojo-fourfold").stated as number,
        })
      } thousand tokens`,
  ),
  cite("d-dsv3-2048-h800", "the size of the cluster that it was trained on"),
  cite(
    "d-ssm-kernel-55pct",
    () =>
      `measured kernels on edge devices; at the roofline of a Jetson AGX Orin, scan and convolution would take ${
        (100 * scanShare(courseCatalog)).toFixed(0)
      } % of a prompt of 2,048 tokens, so the kernels are what can be improved`,
  ),
];

/** Operations of attention for a prompt. */
function attentionFlops(model: Model, tokens: number): number {
  const rows = operators(model, prefillStep(tokens));
  return sumOperators(rows.filter(({ name }) => name === "attention")).flops;
}

/** How many times as much of something the other transformer has. */
function moreThanFirst(of: (model: Model) => number): string {
  const [first, second] = [pair, other].map(({ transformer }) => courseCatalog.model(transformer));
  return (of(second!) / of(first!)).toFixed(1);
}

function transformer(model: Model): HybridModel {
  return { name: model.name, transformer: model, recurrent: [] };
}

/** The longest prompt on the card, when the predictions for all of its tokens are kept. */
function limit({ hardware }: Catalog, model: HybridModel): number {
  return largestContext(model, hardware(card).memory[0].capacity, { logits: "all" });
}

function timesLonger(catalog: Catalog, which: Pair): number {
  return limit(catalog, stateSpaceModels[which.states]) /
    limit(catalog, transformer(catalog.model(which.transformer)));
}

function timesFaster(catalog: Catalog, which: Pair, tokens: number): number {
  const seconds = (model: HybridModel) =>
    hybridStepSeconds(model, prefillStep(tokens), catalog.hardware(card));
  return seconds(transformer(catalog.model(which.transformer))) /
    seconds(stateSpaceModels[which.states]);
}

/** The share of a prompt's time that goes to what only state-space layers do, at the roofline. */
function scanShare({ hardware }: Catalog): number {
  const { operators: rows, seconds } = stepTime(
    hybridOperators(stateSpaceModels["mamba2-780m"], prefillStep(2048)),
    hardware("nvidia-jetson-agx-orin-64gb"),
  );
  return rows.filter(({ operator }) => /scan|convolution/.test(operator.name))
    .reduce((sum, row) => sum + row.seconds, 0) / seconds;
}

/** Bytes that move while attention with stored scores runs on some tokens. */
function storedTraffic(tokens: number): number {
  const zeros = Matrix.zeros(tokens, 16);
  const memory = new TwoLevelMemory(64 * 1024);
  return standardAttention({ queries: zeros, keys: zeros, values: zeros }, { memory }).memory
    .traffic;
}

/** Counting takes a while, and depends on nothing that a catalog could change. */
let countedExponent: number | undefined;
