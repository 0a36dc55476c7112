import {
  antidiagonalMasses,
  antidiagonalScoring,
  blockMasses,
  densityForSpeedup,
  dsa,
  moba,
  mobaWork,
  nsa,
  routingAccuracy,
  routingSignalToNoise,
  simulateRouting,
  softmaxWeights,
  sparseSpeedup,
  stripedInputs,
  topIndices,
} from "../attention/mod.ts";
import { seeded } from "../numeric/mod.ts";
import { operators, type Reads, sumOperators } from "../transformer/mod.ts";
import { findClaim } from "./claim.ts";
import { type Catalog, courseCatalog, type Derivation, derive } from "./derivation.ts";
import { decodeStep, shown } from "./measures.ts";

const stated = (claim: string) => Number(findClaim(claim).stated);
const small = { blockSize: 128, topK: 8 };
const router = { width: 16, blockSize: 8, gap: 0.8, blocks: 8, topK: 2 };
/** Tokens, and how many of them are attended to. */
const [context, attended] = [8192, 1024];

/** Chapter 09, choices: which tokens are read is decided by what they hold. */
export const chapter09Choices: readonly Derivation[] = [
  derive("a-xattention-13-5x", {
    assumptions: () => [
      "a stride of 16, as a bound: scores of one antidiagonal in 16 cost 1/32 of attention's arithmetic, so that is the end however few blocks are left",
      `13.5 times need blocks that hold ${
        (100 * densityForSpeedup(stated("a-xattention-13-5x"), {
          scoring: antidiagonalScoring(16),
        })).toFixed(1)
      } % of the pairs or fewer, and kernels as fast as dense ones; with a stride of 8 the bound is ${
        1 / antidiagonalScoring(8)
      } x`,
      "arithmetic, as a prompt waits for it; decoding waits for bytes",
    ],
    by: [antidiagonalScoring, sparseSpeedup],
    relation: "at least",
    derived: () => sparseSpeedup({ density: 0, scoring: antidiagonalScoring(16) }),
  }),
  derive("a-xattention-antidiagonal-score", {
    assumptions: [
      "256 tokens of random queries and keys with two vertical stripes and a slash, 12 deviations above the noise; blocks of 16 and a stride of 2, an eighth, as the paper's 16 of 128",
      "of each later row of blocks the three with the highest score; what is lost in answers is not derived",
      "query and key of an antidiagonal add up to one less than the stride, so an even stride samples odd distances alone: the slash lies 64 tokens back",
    ],
    by: [antidiagonalMasses, blockMasses, stripedInputs],
    relation: "at least",
    proxy: {
      computes: "attention in the chosen blocks, over that in the truly best ones",
      unit: "ratio",
      threshold: 0.9,
    },
    derived: () => antidiagonalRecall(64),
    otherwise: {
      condition: "slashes lie an odd number of tokens back, here 65",
      derived: () => antidiagonalRecall(65),
    },
  }),
  derive("c-sparse-attention-10x", {
    assumptions: () => [
      "bytes of the cache that a decode step reads, choice included: Llama 3.1 8B with native sparse attention (NSA) at 65,536 tokens, the length of its paper, trained for it",
      `the others of the same sentence: DSA on DeepSeek-V3 at 131,072 tokens ${
        shown(readGain(courseCatalog, "deepseek-v3", dsa(), 131_072), 1)
      } x, nearly all of the rest being its index; MoBA with the 12 blocks of 4,096 tokens of its paper ${
        shown(
          readGain(courseCatalog, "llama-3.1-8b", moba({ blockSize: 4096, topK: 12 }), 131_072),
          1,
        )
      } x, as four heads that share keys choose each for itself`,
      "storage does not shrink, and the weights are read as before",
    ],
    by: [nsa, operators],
    relation: "at least",
    derived: (catalog) => readGain(catalog, "llama-3.1-8b", nsa(), 65_536),
  }),
  derive("d-flashmoba-14-7x", {
    assumptions: () => [
      "524,288 tokens in blocks of 128, 8 attended to, as a bound: operations of dense causal attention over those of MoBA, scores included",
      `at 131,072 tokens the bound is ${
        shown(sparseSpeedup(mobaWork(131_072, small)), 1)
      } x; what is measured is far below, as gathering small blocks moves more for each operation`,
    ],
    by: [mobaWork, sparseSpeedup],
    relation: "at least",
    derived: () => sparseSpeedup(mobaWork(524_288, small)),
  }),
  derive("d-moba-snr", {
    assumptions: [
      `${router.blocks} blocks of ${router.blockSize} unit keys, ${router.width} wide, of which one has a dot product of ${router.gap} with the query; 1,200 draws, so the played share has a standard error of 0.014`,
      "the chance of being among the best 2 follows from the ratio, with all scores Gaussian",
    ],
    by: [routingSignalToNoise, routingAccuracy, simulateRouting],
    proxy: {
      computes: "how often the ratio says that the right block is chosen, over how often it was",
      unit: "x",
      threshold: 1,
    },
    derived: () =>
      routingAccuracy(routingSignalToNoise(router), router) /
      simulateRouting(router, 1200, seeded(9)),
  }),
  derive("d-moba-small-blocks-better", {
    assumptions: () => [
      `heads of 64, ${attended.toLocaleString("en-US")} of ${
        context.toLocaleString("en-US")
      } tokens attended to, a gap of 0.8; blocks of 128 against 512: the right block is found ${
        (100 * accuracy(128)).toFixed(0)
      } % against ${(100 * accuracy(512)).toFixed(0)} % of the time`,
      `what the convolution of keys must learn: two neighbors of the relevant key related to the query by 0.3 each, with which it is ${
        (100 * accuracy(128, 3)).toFixed(0)
      } %`,
    ],
    by: [routingSignalToNoise, routingAccuracy],
    relation: "at least",
    proxy: {
      computes: "the smaller of both gains in routing accuracy",
      unit: "x",
      threshold: 1,
    },
    derived: () => Math.min(accuracy(128) / accuracy(512), accuracy(128, 3) / accuracy(128)),
  }),
];

/** The share of the best blocks' attention that blocks chosen by antidiagonals hold, for a slash so far back. */
function antidiagonalRecall(distance: number): number {
  const blockSize = 16;
  let [found, best] = [0, 0];
  for (const seed of [0, 1]) {
    const stripes = { tokens: 256, width: 64, keys: [37, 150], distances: [distance] };
    const inputs = stripedInputs({ ...stripes, strength: 12 }, seeded(seed));
    const truth = blockMasses(softmaxWeights(inputs, { causal: true }), blockSize);
    const guess = antidiagonalMasses(inputs, { blockSize, stride: 2 });
    for (let row = truth.rows / 2; row < truth.rows; row++) {
      const held = ({ data, columns }: typeof truth) =>
        topIndices(data.subarray(row * columns, row * columns + row + 1), 3)
          .reduce((sum, block) => sum + truth.get(row, block), 0);
      found += held(guess);
      best += held(truth);
    }
  }
  return found / best;
}

/** How many times fewer bytes of cache a decode step reads. */
function readGain({ model }: Catalog, name: string, reads: Reads, tokens: number): number {
  const bytes = (options: { reads?: Reads }) =>
    sumOperators(operators(model(name), decodeStep(tokens - 1), options)).bytes.cache;
  return bytes({}) / bytes({ reads });
}

/** How often the right block is found, at the same number of tokens attended to. */
function accuracy(blockSize: number, related = 1): number {
  const ratio = routingSignalToNoise({
    width: 64,
    blockSize,
    gap: 0.8,
    related,
    relatedGap: 0.3,
  });
  return routingAccuracy(ratio, { blocks: context / blockSize, topK: attended / blockSize });
}
