import {
  absorbedLatentAttention,
  expandedLatentAttention,
  gqa,
  latentCache,
  type LatentDimensions,
  randomLatentAttention,
  rotateRows,
} from "../attention/mod.ts";
import { type LatentAttention, layerCount, type Model } from "../catalog/mod.ts";
import { Matrix, seeded } from "../numeric/mod.ts";
import { cacheBytesPerToken } from "../transformer/mod.ts";
import { findClaim } from "./claim.ts";
import { type Catalog, courseCatalog, type Derivation, derive } from "./derivation.ts";
import { shown } from "./measures.ts";

const deepseek = "deepseek-v3";
const small: LatentDimensions = {
  hiddenSize: 24,
  heads: 4,
  keyValueRank: 12,
  rotaryDimension: 4,
  keyDimension: 8,
  valueDimension: 8,
};
const smallWords = "a random layer of 4 heads with a latent of 12 and a rotary key of 4";
const stated = (claim: string) => findClaim(claim).stated as number;

/** Chapter 06, latent attention: what DeepSeek keeps of a token, and why. */
export const chapter06Latent: readonly Derivation[] = [
  derive("c-mla-latent-576", {
    assumptions: [
      "DeepSeek-V3; the latent that keys and values are made from, without the rotary key beside it",
    ],
    by: [latentCache],
    derived: (catalog) => latentOf(catalog).keyValueRank,
    otherwise: {
      condition: "all that is cached is meant: the 64 of the rotary key are inside the 576",
      derived: (catalog) => oneToken(catalog, 0).length, // what a layer of these widths leaves behind
    },
  }),
  derive("c-mla-down-projection", {
    assumptions: [`${smallWords}, ten tokens; the latent is also normalized, which turns nothing`],
    by: [latentCache],
    relation: "at most",
    proxy: {
      computes: "largest angle between what is cached and the product W h, in radians",
      unit: "rad",
      threshold: 1e-6,
    },
    derived: () => {
      const { layer, x, cache } = smallLayer();
      const rank = layer.keyValueRank;
      return Math.max(
        ...x.multiply(layer.down.transpose()).toRows().map((down, token) => {
          const [product, kept] = [down.slice(0, rank), [...cache.row(token).slice(0, rank)]];
          const angle = Math.hypot(
            ...product.map((value, i) =>
              value / Math.hypot(...product) - kept[i]! / Math.hypot(...kept)
            ),
          );
          return angle; // of two directions this close, their difference
        }),
      );
    },
  }),
  derive("c-mla-up-projection", {
    assumptions: [
      `${smallWords}, ten tokens`,
      "expanded: keys and values are made from the latents; absorbed: the ways up are multiplied into query and output, and no key or value is formed",
    ],
    by: [expandedLatentAttention, absorbedLatentAttention],
    relation: "at most",
    proxy: {
      computes: "largest difference between the two, over the largest result",
      unit: "",
      threshold: 1e-9,
    },
    derived: () => {
      const { layer, x, cache } = smallLayer();
      const expanded = expandedLatentAttention(layer, x, cache);
      const absorbed = absorbedLatentAttention(layer, x, cache);
      const largest = (values: Float64Array) => Math.max(...values.map(Math.abs));
      return largest(expanded.data.map((value, i) => value - absorbed.data[i]!)) /
        largest(expanded.data);
    },
  }),
  derive("c-mla-rope-64", {
    assumptions: [
      "a layer of DeepSeek-V3's latent and rotary widths: the cached numbers of one token that change when it stands elsewhere",
    ],
    by: [latentCache],
    derived: (catalog) => {
      const [here, there] = [oneToken(catalog, 0), oneToken(catalog, 1000)];
      return here.filter((value, i) => Math.abs(value - there[i]!) > 1e-9).length;
    },
  }),
  derive("c-mla-rope-resists-low-rank", {
    assumptions: [
      "random keys of 16 numbers that pass a latent of 4, one query, 64 positions",
      "from the latent alone a key can be made and then turned to its position, which is known: nothing needs to be compressed",
    ],
    by: [rotateRows],
    relation: "at least",
    proxy: {
      computes: "error of the scores without a separate key, over the scores",
      unit: "%",
      threshold: 10,
    },
    derived: () => 100 * scoreError("expanded"),
    otherwise: {
      condition:
        "the way up must be absorbed into the query, and one matrix has to serve all distances, which the turn between them prevents",
      derived: () => 100 * scoreError("absorbed"),
    },
  }),
  derive("c-mha-cache-2300kb", {
    assumptions: () => [
      "the document names no model: DeepSeek-V3 itself, with keys and values of 128 numbers for each of its 128 heads, in BF16",
      `GPT-3 with one byte a value would take ${
        (cacheBytesPerToken(courseCatalog.model("gpt-3-175b"), { storage: "fp8" }) / 1e3)
          .toLocaleString("en-US", { maximumFractionDigits: 0 })
      } KB`,
    ],
    by: [gqa, cacheBytesPerToken],
    derived: ({ model }) => cacheBytesPerToken(allHeads(model(deepseek))) / 1e3,
    otherwise: {
      condition:
        "such heads are in as many layers as Qwen3-8B has, the model that the document uses elsewhere",
      derived: ({ model }) =>
        cacheBytesPerToken(allHeads(model(deepseek))) / layerCount(model(deepseek)) *
        layerCount(model("qwen3-8b")) / 1e3,
    },
  }),
  derive("c-mla-cache-70kb", {
    assumptions: ["DeepSeek-V3 in BF16, all layers; KB of 1,000 bytes"],
    by: [cacheBytesPerToken],
    derived: ({ model }) => cacheBytesPerToken(model(deepseek)) / 1e3,
  }),
  derive("c-mla-98pct-reduction", {
    assumptions: () => [
      "DeepSeek-V3 against itself with keys and values for each of its 128 heads",
      `the document's own two numbers make ${
        shown(100 * (1 - stated("c-mla-cache-70kb") / stated("c-mha-cache-2300kb")), 1)
      } %: it is the baseline that is too small`,
    ],
    by: [gqa, cacheBytesPerToken],
    derived: ({ model }) =>
      100 *
      (1 - cacheBytesPerToken(model(deepseek)) / cacheBytesPerToken(allHeads(model(deepseek)))),
  }),
  derive("d-dsv3-mla-memory-efficiency", {
    assumptions: [
      '"memory efficiency" is read as: at least half the cache of what other large models do, which is 8 groups of heads of 128',
      "in as many layers as DeepSeek-V3 has",
    ],
    by: [gqa, cacheBytesPerToken],
    relation: "at least",
    proxy: {
      computes: "cache of a token with 8 groups over that with MLA",
      unit: "x",
      threshold: 2,
    },
    derived: ({ model }) =>
      cacheBytesPerToken(allHeads(model(deepseek), 8)) / cacheBytesPerToken(model(deepseek)),
  }),
];

function latentOf({ model }: Catalog): LatentAttention {
  const { attention } = model(deepseek).layers[0]!;
  if (attention.kind !== "latent") {
    throw new TypeError(`Cannot derive as ${deepseek} must have latent attention`);
  }
  return attention;
}

/** What one token, at a position, leaves in the cache of a layer with DeepSeek-V3's widths and a narrow hidden state. */
function oneToken(catalog: Catalog, position: number): Float64Array {
  const { keyValueRank, rotaryDimension } = latentOf(catalog);
  const random = seeded(61);
  const layer = randomLatentAttention({
    ...small,
    hiddenSize: 8,
    keyValueRank,
    rotaryDimension,
  }, random);
  const x = new Matrix(1, 8, Float64Array.from({ length: 8 }, () => random.normal()));
  return latentCache(layer, x, position).row(0);
}

/** The model with keys and values of 128 numbers for some groups of its heads. Default: each head its own. */
function allHeads(model: Model, keyValueHeads?: number): Model {
  const heads = model.layers.map((group) => {
    const { attention } = group;
    if (attention.kind !== "latent") return group;
    const plain = {
      kind: "heads",
      queryHeads: attention.queryHeads,
      keyValueHeads: attention.queryHeads,
      headDimension: attention.keyDimension,
      extraParameters: 0,
    } as const;
    return { ...group, attention: keyValueHeads ? gqa(keyValueHeads)(plain) : plain };
  });
  return { ...model, layers: heads };
}

function smallLayer() {
  const random = seeded(62);
  const layer = randomLatentAttention(small, random);
  const x = new Matrix(10, 24, Float64Array.from({ length: 240 }, () => random.normal()));
  return { layer, x, cache: latentCache(layer, x) };
}

/** How far scores are off, over their size, that are made from latents without a rotary key beside them. */
function scoreError(way: "expanded" | "absorbed"): number {
  const [count, width, rank] = [64, 16, 4];
  const random = seeded(63);
  const normal = (rows: number, columns: number) =>
    new Matrix(rows, columns, Float64Array.from({ length: rows * columns }, () => random.normal()));
  const [hidden, down, up, query] = [
    normal(count, 8),
    normal(rank, 8),
    normal(width, rank),
    normal(1, width),
  ];
  const turnedQuery = rotateRows(query, { positions: count - 1 });
  const scores = (asked: Matrix, keys: Matrix) => asked.multiply(keys.transpose()).row(0);
  // What is right knows no latent: the keys come from the hidden states by one matrix.
  const right = scores(turnedQuery, rotateRows(hidden.multiply(up.multiply(down).transpose())));
  const latents = hidden.multiply(down.transpose());
  const found = way === "absorbed"
    ? scores(query.multiply(up), latents)
    : scores(turnedQuery, rotateRows(latents.multiply(up.transpose())));
  return Math.hypot(...right.map((score, i) => score - found[i]!)) / Math.hypot(...right);
}
