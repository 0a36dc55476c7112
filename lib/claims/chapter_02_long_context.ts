import type { Hardware, Model } from "../catalog/mod.ts";
import { estimate, largestBatch, stepTime, weightBytes } from "../roofline/mod.ts";
import {
  cacheBytes,
  cacheBytesPerToken,
  operators,
  parameters,
  type Step,
} from "../transformer/mod.ts";
import { type Catalog, type Citation, cite, type Derivation, derive } from "./derivation.ts";
import { decodeStep, prefillStep } from "./measures.ts";

const [short, long] = [4000, 50_000];
const setup = "Yi-34B stands for the 34B model, in BF16, on two A100 80 GB";
const yi = ({ model, hardware }: Catalog) => ({
  model: model("yi-34b"),
  hardware: hardware("nvidia-a100-sxm-80gb"),
});

/** Chapter 02, long contexts: what 50,000 tokens cost more than 4,000 do. */
export const chapter02LongContext: readonly Derivation[] = [
  derive("d-longctx-34b", {
    assumptions: ["Yi-34B stands for the 34B model"],
    by: [parameters],
    derived: (catalog) => parameters(yi(catalog).model).total / 1e9,
  }),
  derive("d-longctx-50k-kv", {
    assumptions: [
      "Yi-34B in BF16 on one A100 80 GB: the context whose cache fills what the weights leave",
      "nothing else in memory",
    ],
    by: [weightBytes, cacheBytesPerToken],
    derived: (catalog) => {
      const { model, hardware } = yi(catalog);
      return (hardware.memory[0].capacity - weightBytes(model)) / cacheBytesPerToken(model) / 1e3;
    },
  }),
  derive("d-longctx-four-challenges", {
    assumptions: [
      `${setup}; of time to first token, sequences that fit, time per token, and moving a cache to the host`,
      "those that are at least 10 % worse at 50,000 tokens than at 4,000",
    ],
    by: [estimate, largestBatch, cacheBytes],
    derived: (catalog) => {
      const [few, many] = [costs(catalog, short), costs(catalog, long)];
      return many.filter((cost, index) => cost >= 1.1 * few[index]!).length;
    },
  }),
  derive("d-longctx-single-source", {
    assumptions: [
      `${setup}; extra time of a step at 50,000 tokens over 4,000`,
      "the least share among the prompt's step and a decode step",
    ],
    by: [operators, stepTime],
    relation: "at least",
    proxy: {
      computes: "share of the extra time that would be gone if the cache moved for free",
      unit: "%",
      threshold: 90,
    },
    derived: (catalog) =>
      Math.min(cacheShare(catalog, prefillStep), cacheShare(catalog, decodeStep)),
    otherwise: {
      condition: "only decoding is meant: a long prompt costs arithmetic, not bytes of the cache",
      derived: (catalog) => cacheShare(catalog, decodeStep),
    },
  }),
  derive("d-longctx-1m-as-4k", {
    assumptions: ["Yi-34B; cache of 1,000,000 tokens over cache of 4,000"],
    by: [cacheBytes],
    derived: (catalog) =>
      cacheBytes(yi(catalog).model, 1_000_000) / cacheBytes(yi(catalog).model, short),
  }),
];

/** Claims of chapter 02 that set a scene and derive from nothing. */
export const chapter02Citations: readonly Citation[] = [
  cite("d-longctx-range", "the range of lengths that the analysis chooses to look at"),
];

/** What a sequence of some tokens costs: seconds to the first token, share of memory, seconds a token, seconds to swap. */
function costs(catalog: Catalog, tokens: number): number[] {
  const deployment = { ...yi(catalog), devices: 2 };
  const request = { promptTokens: tokens, outputTokens: 1 };
  const { timeToFirstToken, timePerOutputToken } = estimate(deployment, request);
  return [
    timeToFirstToken,
    1 / largestBatch(deployment, request),
    timePerOutputToken,
    cacheBytes(deployment.model, tokens, { devices: 2 }) / hostLink(deployment.hardware),
  ];
}

/** The slowest link, which on data-center GPUs is the one to the host. */
function hostLink({ id, links }: Hardware): number {
  const link = links.at(-1);
  if (!link) throw new RangeError(`Cannot move a cache to the host as ${id} has no link`);
  return link.bandwidth;
}

/** Of the time that a long step takes beyond a short one: the share, in percent, that is spent on bytes of the cache. */
function cacheShare(catalog: Catalog, stepOf: (tokens: number) => Step): number {
  const { model, hardware } = yi(catalog);
  const extra = (cacheMoves: boolean) => {
    const [few, many] = [short, long].map((tokens) =>
      time(model, hardware, stepOf(tokens), cacheMoves)
    ) as [
      number,
      number,
    ];
    return many - few;
  };
  return 100 * (1 - extra(false) / extra(true));
}

function time(model: Model, hardware: Hardware, step: Step, cacheMoves: boolean): number {
  const rows = operators(model, step, { devices: 2 });
  const free = rows.map((row) => ({ ...row, bytes: { ...row.bytes, cache: 0 } }));
  return stepTime(cacheMoves ? rows : free, hardware).seconds;
}
