import {
  attentionCascades,
  cascadePasses,
  flashAttention,
  flatAttention,
  flatFootprint,
  onePassCascade,
  threePassCascade,
  tileBound,
  TwoLevelMemory,
} from "../attention/mod.ts";
import type { Hardware } from "../catalog/mod.ts";
import { Matrix } from "../numeric/mod.ts";
import { stepTime } from "../roofline/mod.ts";
import { type Operator, operators, sumOperators } from "../transformer/mod.ts";
import { findClaim } from "./claim.ts";
import {
  type Catalog,
  type Citation,
  cite,
  courseCatalog,
  type Derivation,
  derive,
} from "./derivation.ts";
import { exponent, prefillStep, shown } from "./measures.ts";

const sizes = { m: 4096, m1: 32, m0: 128, f: 64 };
/** Lengths at which the end-to-end gain is weighed: a common one, and a long one. */
const [usual, long] = [4096, 32_768];

/** Chapter 07, fusing: passes over the keys, and what chains of kernels move. */
export const chapter07Fused: readonly Derivation[] = [
  derive("d-fusemax-speedup-e2e", {
    assumptions: [
      "Amdahl's law with the same abstract's 6.7 x on attention; the rest takes as long for each operation as the faster attention",
      `GPT-2, as wide as BERT-base, and a prompt of ${usual.toLocaleString("en-US")} tokens`,
    ],
    by: [operators, sumOperators],
    derived: (catalog) => endToEnd(catalog, usual),
    otherwise: {
      condition: () =>
        `the prompt has ${long.toLocaleString("en-US")} tokens, so that attention takes ${
          (100 * slowShare(courseCatalog, long)).toFixed(0)
        } % of the time before`,
      derived: (catalog) => endToEnd(catalog, long),
    },
  }),
  derive("d-fusemax-buffer-independent", {
    assumptions: () => [
      "the most fast memory in use at once, tiles of 16 by 16, from 128 to 256 tokens; run, and counted",
      `FLAT, which keeps whole rows of scores, needs an exponent of ${
        shown(
          exponent(
            (keys) => flatFootprint({ rows: 16, columns: 16 }, { keys, width: 64, valueWidth: 64 }),
            65_536,
          ),
          1,
        )
      }`,
    ],
    by: [flashAttention, TwoLevelMemory],
    derived: () =>
      exponent(
        (tokens) => flashAttention(zeros(tokens), { tile: { rows: 16, columns: 16 } }).memory.peak,
        128,
      ),
  }),
  derive("d-fusemax-pass-lower-bounds", {
    assumptions: () => [
      `read off the order of each cascade's lines: ${
        attentionCascades.map((cascade) =>
          `${cascade.name}: ${cascadePasses(cascade, sizes).passes}`
        ).join("; ")
      }; the most of them`,
    ],
    by: [cascadePasses],
    derived: () =>
      Math.max(...attentionCascades.map((cascade) => cascadePasses(cascade, sizes).passes)),
  }),
  derive("d-fusemax-quality-passes-buffer-tradeoff", {
    assumptions: () => [
      "512 tokens of width 16 and 16 KiB of fast memory: FLAT holds whole rows of scores between its passes, so few queries at once; FlashAttention takes one pass",
      `between its passes the cascade of three holds ${
        cascadePasses(threePassCascade, sizes).footprint.toLocaleString("en-US")
      } values for a query and 4,096 keys, that of one pass ${
        cascadePasses(onePassCascade, sizes).footprint
      }`,
    ],
    by: [flatAttention, flashAttention, cascadePasses],
    relation: "at least",
    proxy: {
      computes: "bytes that FLAT moves, over those of FlashAttention in the same memory",
      unit: "x",
      threshold: 2,
    },
    derived: () => {
      const options = () => ({ memory: new TwoLevelMemory(16_384) });
      return flatAttention(zeros(512), options()).memory.traffic /
        flashAttention(zeros(512), options()).memory.traffic;
    },
  }),
  derive("d-fkl-2x-1000x", {
    assumptions: [
      "H100, a chain of 1,000 operations on each value of a large array, in 32 bits; one kernel each, or one for all",
      "the most that bytes alone can gain: then arithmetic is the limit; more comes from small arrays, where each launch costs more than its work",
    ],
    by: [stepTime],
    derived: ({ hardware }) => chainGain(hardware("nvidia-h100-sxm"), 1000),
  }),
];

/** Claims of chapter 07 that were measured, simulated on other machines, or proven. */
export const chapter07Citations: readonly Citation[] = [
  cite(
    "a-flashattention-16k-64k",
    "a report of trained models; the paper's 16 thousand tokens (Path-X) used the exact kernel, its 64 thousand (Path-256) a block-sparse one",
  ),
  cite(
    "c-flashattention-85pct-peak",
    () =>
      `measured, and the document names neither version nor device; the figure is that of FlashAttention-3 in BF16 on H100. There, the model of chapter 07 lets a tile use ${
        peakShare("hidden").toFixed(0)
      } % of the matrix units if all else is hidden behind them, and ${
        peakShare("in turn").toFixed(0)
      } % if the exponentials come in turn`,
  ),
  cite(
    "d-fusemax-speedup-attention",
    "simulated on a spatial array that is not in the catalog, as an average over models and lengths",
  ),
  cite(
    "d-fusemax-energy-attention",
    "simulated energy of a spatial array that is not in the catalog",
  ),
  cite("d-fusemax-energy-e2e", "simulated energy of a spatial array that is not in the catalog"),
  cite("d-fusemax-utilization", "simulated on a spatial array that is not in the catalog"),
  cite("d-io-fast-matmul-no-help", "a theorem about all algorithms: running some cannot show it"),
];

function zeros(tokens: number) {
  const matrix = () => Matrix.zeros(tokens, 16);
  return { queries: matrix(), keys: matrix(), values: matrix() };
}

/** The share of attention in the time before it was sped up. */
function slowShare({ model }: Catalog, tokens: number): number {
  const rows = operators(model("gpt2"), prefillStep(tokens));
  const attention = sumOperators(rows.filter(({ name }) => name === "attention")).flops *
    attentionGain();
  const rest = sumOperators(rows.filter(({ name }) => name !== "attention")).flops;
  return attention / (attention + rest);
}

function endToEnd(catalog: Catalog, tokens: number): number {
  const share = slowShare(catalog, tokens);
  return 1 / (1 - share + share / attentionGain());
}

/** What the document claims of attention alone. */
function attentionGain(): number {
  return Number(findClaim("d-fusemax-speedup-attention").stated);
}

/** How many times faster a chain of operations on each value becomes in one kernel. */
function chainGain(hardware: Hardware, operations: number): number {
  const values = 2 ** 30;
  const kernel = (name: string, flops: number): Operator => ({
    name,
    layers: 1,
    flops,
    bytes: { weights: 0, cache: 0, activations: 2 * 4 * values },
    transfer: 0,
    precision: "fp32",
  });
  const chain = Array.from({ length: operations }, (_, i) => kernel(`operation ${i}`, values));
  return stepTime(chain, hardware).seconds /
    stepTime([kernel("all of them", operations * values)], hardware).seconds;
}

/** The share of its time in which a tile keeps the matrix units of an H100 busy, in percent. */
function peakShare(exponentials: "hidden" | "in turn"): number {
  const { matrix, exponential, shared, lanes } = tileBound(
    courseCatalog.hardware("nvidia-h100-sxm"),
    { rows: 128, columns: 128 },
    128,
  );
  const time = exponentials === "hidden"
    ? Math.max(matrix, exponential, shared, lanes)
    : matrix + exponential;
  return 100 * matrix / time;
}
