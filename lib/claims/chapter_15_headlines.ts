import { launchBoundSeconds, lookupProducts, placeSpeedup, repeatedShare } from "../pim/mod.ts";
import { layerCount } from "../catalog/mod.ts";
import { seeded } from "../numeric/mod.ts";
import { parameters } from "../transformer/mod.ts";
import {
  type Catalog,
  type Citation,
  cite,
  courseCatalog,
  type Derivation,
  derive,
} from "./derivation.ts";
import { shown } from "./measures.ts";

/** What a T4 spends on a layer if it launches some forty kernels, one each 30 µs. */
const kernels = { each: 40, launch: 30e-6 };

/** Chapter 15, headlines and what is behind them; and products by tables. */
export const chapter15Headlines: readonly Derivation[] = [
  derive("d-pimgpt-speedup-gpu", {
    assumptions: () => [
      "GPT-2 XL in 16 bits, one sequence of 512 tokens, on PIM-GPT's eight channels of 1 GHz, over a T4 that reads at its 320 GB/s; both at their rooflines",
      `to be beaten 41 times, that T4 must have read at ${
        shown(placed(courseCatalog, "gpt2-xl", 41).baselineBandwidth / 1e9)
      } GB/s; an H100 at its roofline would be ${
        shown(1 / placed(courseCatalog, "gpt2-xl", 41, "nvidia-h100-sxm").expected)
      } times as fast as PIM-GPT`,
      "channels, banks and format are published; clock and rows are taken from GDDR6-AiM",
    ],
    by: [placeSpeedup, launchBoundSeconds],
    derived: (catalog) => placed(catalog, "gpt2-xl", 41).expected,
    otherwise: {
      condition: () =>
        `the T4 waits for the launches of forty kernels in each layer, 30 µs apart: fitted to the claim, but one such time explains both of its ends, as GPT-2 then gains ${
          shown(launched(courseCatalog, "gpt2"))
        } times`,
      derived: (catalog) => launched(catalog, "gpt2-xl"),
    },
  }),
  derive("d-sail-cycles-13-8", {
    assumptions: () => [
      "a table for four weights, read once for each of the 8 bits of four activations; a pattern that came before is not read again; all 16 patterns equally likely: the birthday problem",
      `with five weights to a table chance alone gives ${
        shown(100 * repeatedShare(5, 8))
      } %; the paper's window is not known, and bits of real activations repeat more often than chance`,
    ],
    by: [repeatedShare],
    derived: () => 100 * repeatedShare(4, 8),
    otherwise: {
      condition: "six reads of a table in place of eight",
      derived: () => 100 * repeatedShare(4, 6),
    },
  }),
  derive("d-sail-lut-gemv", {
    assumptions: [
      "random matrices of 2 to 8 bits, tables of the sums of 1 to 6 inputs; the highest bit counts negatively",
    ],
    by: [lookupProducts],
    relation: "at most",
    proxy: {
      computes: "the largest difference between a product by tables and one by multiplications",
      unit: "difference",
      threshold: 0,
    },
    derived: largestDifference,
  }),
];

/** Headlines of which nothing can be derived. */
export const chapter15HeadlineCitations: readonly Citation[] = [
  cite(
    "d-pimgpt-speedup-cpu",
    () =>
      `measured against a CPU (Xeon Gold 6154) that the catalog does not hold; a current one at its roofline is beaten ${
        shown(placed(courseCatalog, "gpt2-xl", 631, "intel-xeon-8480plus").expected)
      } times, so at 631 times it would read at ${
        shown(placed(courseCatalog, "gpt2-xl", 631, "intel-xeon-8480plus").baselineBandwidth / 1e9)
      } of its 307 GB/s`,
  ),
  cite(
    "d-pimgpt-energy-gpu",
    () =>
      `a simulation over a measured board: 339 is ${shown(339 / 41)} times 41 and 1085 is ${
        shown(1085 / 137)
      } times 137, so a ratio of powers of about 8 on top of the speedups; the authors' later version states 123 to 383`,
  ),
  cite(
    "d-pimgpt-energy-cpu",
    () =>
      `a simulation over a measured CPU, with a ratio of powers of ${shown(890 / 631)} to ${
        shown(1632 / 1074)
      } on top of the speedups; the authors' later version states 320 to 602`,
  ),
  cite(
    "d-pimgpt-model-size",
    () =>
      `which models were tested is a report; of those that it names GPT-2 XL has ${
        shown(parameters(courseCatalog.model("gpt2-xl")).total / 1e9)
      } billion parameters with its tables, and the 4 GiB of eight channels hold ${
        shown(courseCatalog.pim("pim-gpt").memory[0].capacity / 2 / 1e9)
      } billion numbers of 16 bits`,
  ),
  cite(
    "d-sail-area-2pct",
    "an estimate of a circuit's area, which nothing in catalog or library could give",
  ),
  cite(
    "d-sail-10-7x",
    "a simulation of a cache with units against a Neoverse-N1, whose bandwidth and core rates the catalog does not hold; tables save additions, up to as many times as there are numbers in one",
  ),
  cite(
    "d-sail-19-9x-tokens-dollar",
    "prices of instances at one moment, times the speedup of another claim",
  ),
  cite(
    "d-sail-7-04x-v100",
    "prices of instances at one moment; a V100 has 900 GB/s, more than any CPU of the catalog, so by bytes alone it is the faster one",
  ),
];

function placed(
  { model, hardware, pim }: Catalog,
  name: string,
  claimed: number,
  baseline = "nvidia-t4",
) {
  return placeSpeedup(
    { model: model(name), context: 512 },
    { baseline: hardware(baseline), device: pim("pim-gpt") },
    claimed,
  );
}

/** The speedup over a T4 that launches. */
function launched(catalog: Catalog, name: string): number {
  const { expected, baselineSeconds } = placed(catalog, name, 1);
  const count = kernels.each * layerCount(catalog.model(name));
  // With a claim of 1 the baseline takes as long as the memory does.
  return launchBoundSeconds(expected * baselineSeconds, count, kernels.launch) / baselineSeconds;
}

function largestDifference(): number {
  const random = seeded(15);
  const draw = (length: number, bits: number) =>
    Int32Array.from({ length }, () => random.integer(2 ** bits) - 2 ** (bits - 1));
  let largest = 0;
  for (let bits = 2; bits <= 8; bits++) {
    for (let group = 1; group <= 6; group++) {
      const matrix = { rows: 4, columns: 40, bits, data: draw(160, bits) };
      const vector = draw(40, 8);
      lookupProducts(matrix, vector, group).products.forEach((product, row) => {
        const expected = vector.reduce(
          (sum, value, i) => sum + value * matrix.data[40 * row + i]!,
          0,
        );
        largest = Math.max(largest, Math.abs(product - expected));
      });
    }
  }
  return largest;
}
