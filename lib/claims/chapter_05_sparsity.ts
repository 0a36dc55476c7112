import { stepTime } from "../roofline/mod.ts";
import {
  density,
  dynamicAttentionSpeedup,
  patternMask,
  twoFourOperators,
  twoFourShare,
  twoOfFour,
} from "../sparsity/mod.ts";
import { Matrix } from "../numeric/mod.ts";
import { operators } from "../transformer/mod.ts";
import {
  type Catalog,
  type Citation,
  cite,
  courseCatalog,
  type Derivation,
  derive,
} from "./derivation.ts";
import { decodeStep, prefillStep, shown, weightProducts } from "./measures.ts";

const a100 = "nvidia-a100-sxm-80gb";
/** Lengths that the abstract of the paper on dynamic N:M attention names. */
const [shortest, middle, longest] = [384, 1024, 4096];

/** Chapter 05: what two zeros of every four save, and where. */
export const chapter05Sparsity: readonly Derivation[] = [
  derive("a-24-sparsity-50pct", {
    assumptions: () => [
      "the share of zeros under a 2:4 mask, whatever the weights",
      `half of the values is not half of the bytes: the places of the kept ones are stored too, so ${
        100 * twoFourShare("bf16")
      } % of the bytes are left at 16 bits`,
      "the document takes its figures from arXiv 1811.03115, which is about decoding; their source is arXiv 2104.08378",
    ],
    by: [patternMask, density],
    derived: () => 100 * (1 - density(patternMask(Matrix.from([[1, 2, 3, 4]]), twoOfFour))),
  }),
  derive("a-24-doubles-throughput", {
    assumptions: () => [
      "Llama 3.1 8B in BF16 on A100 80 GB; products with the weights for a prompt of 8,192 tokens, where arithmetic is the limit",
      `the head stays dense; for one user's next token the same products gain ${
        shown(gain(courseCatalog, 1), 2)
      } x, since memory is the limit and indices are read too`,
    ],
    by: [operators, twoFourOperators, stepTime],
    derived: (catalog) => gain(catalog, 8192),
  }),
  derive("a-dynamic-24-attention-speedup", {
    assumptions: () => [
      `A100 80 GB, one head of 64 values in BF16, ${
        middle.toLocaleString("en-US")
      } tokens, as a bound; scores are written to memory between the steps`,
      `the bound runs from ${
        shown(speedup(courseCatalog, shortest), 2)
      } x at ${shortest} tokens to ${shown(speedup(courseCatalog, longest), 2)} x at ${
        longest.toLocaleString("en-US")
      }, the lengths that the abstract of the paper (arXiv 2203.00091) names: it says 1.27 to 1.89 x for 1:2 and 2:4, a wider range than the document's`,
      `where scores never leave the chip, as in FlashAttention, it is ${
        shown(speedup(courseCatalog, longest, true), 2)
      } x at most`,
    ],
    by: [dynamicAttentionSpeedup],
    derived: (catalog) => speedup(catalog, middle),
  }),
];

/** Claims of chapter 05 that were measured on what the catalog does not hold. */
export const chapter05Citations: readonly Citation[] = [
  cite(
    "d-smash-9-4x",
    "measured in a simulation of PIUMA, a processor that is not in the catalog, against other programs for it",
  ),
];

/** How much faster the products with weights become at 2:4, for some tokens together. */
function gain({ model, hardware }: Catalog, tokens: number): number {
  const step = tokens === 1 ? decodeStep(1000) : prefillStep(tokens);
  const dense = weightProducts(operators(model("llama-3.1-8b"), step));
  const device = hardware(a100);
  return stepTime(dense, device).seconds /
    stepTime(twoFourOperators(dense, device, "bf16"), device).seconds;
}

/** How much faster one head of attention becomes when its scores are pruned on the fly. */
function speedup({ hardware }: Catalog, length: number, fused = false): number {
  return dynamicAttentionSpeedup({ length, headDimension: 64, fused }, hardware(a100));
}
