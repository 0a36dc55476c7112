import { averageActive, shareRanges, zaya1 } from "../experts/mod.ts";
import { parameters } from "../transformer/mod.ts";
import {
  type Catalog,
  type Citation,
  cite,
  courseCatalog,
  type Derivation,
  derive,
} from "./derivation.ts";

/** The five models of the composition, by size; the catalog has Qwen2.5 in place of Qwen2, of the same sizes. */
const composed = ["qwen2.5-7b", "gemma-2-9b", "gemma-2-27b", "llama-3.1-70b", "qwen2.5-72b"];
const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const billions = (value: number) => value.toFixed(2);
const routes =
  "five models of 7.6, 9.2, 27, 71 and 73 billion parameters, by the sizes that the claim names; all of them get as many requests, as the shares are not published in the abstract";

/** Chapter 17, mixtures and compositions: what works on a token, out of how much. */
export const chapter17Mixtures: readonly Derivation[] = [
  derive("d-coe-active-31b", {
    assumptions: [routes, possible(31)],
    by: [averageActive, shareRanges, parameters],
    derived: (catalog) => averageSize(catalog, 2 / 5),
    otherwise: {
      condition: "three requests in ten go to the two large models, the others evenly to the rest",
      derived: (catalog) => averageSize(catalog, 0.3),
    },
  }),
  derive("d-coe-active-54b", {
    assumptions: [routes, possible(54)],
    by: [averageActive, shareRanges, parameters],
    derived: (catalog) => averageSize(catalog, 2 / 5),
    otherwise: {
      condition: "seven requests in ten go to the two large models, the others evenly to the rest",
      derived: (catalog) => averageSize(catalog, 0.7),
    },
  }),
  derive("d-zaya1-active", {
    assumptions: () => [
      "40 layers of width 2,048 with one of 16 experts, by the shapes of the published implementation, without the table of tokens",
      `with that table ${
        billions(parameters(zaya1).active / 1e9)
      } billion; a token may skip a layer's experts, so on average fewer work`,
    ],
    by: [parameters],
    derived: () => withoutTable("active"),
  }),
  derive("d-zaya1-total", {
    assumptions: () => [
      `the same shapes, without the table of tokens; with it ${
        billions(parameters(zaya1).total / 1e9)
      } billion`,
      `all of it must lie in memory, and a token alone reads ${
        percent(withoutTable("active") / withoutTable("total"))
      } of it`,
    ],
    by: [parameters],
    derived: () => withoutTable("total"),
  }),
];

/** Claims about mixtures and compositions that are only cited. */
export const chapter17MixtureCitations: readonly Citation[] = [
  cite("d-coe-arena-hard", "a benchmark score of trained models"),
  cite("d-coe-mt-bench", "a benchmark score of trained models"),
];

function sizes({ model }: Catalog): number[] {
  return composed.map((name) => parameters(model(name)).total / 1e9);
}

/** The average in billions, when the two large models together get a share and everything else is even. */
function averageSize(catalog: Catalog, large: number): number {
  const small = (1 - large) / 3;
  return averageActive(sizes(catalog), [small, small, small, large / 2, large / 2]);
}

/** Which mixes have a stated average, in words. */
function possible(average: number): string {
  const own = sizes(courseCatalog);
  const ranges = shareRanges(own, average);
  const [middle, largest] = [own[2]!, own[4]!];
  return `many mixes have this average: the model of 27 billion gets at most ${
    percent(ranges[2]!.most)
  }, the largest at most ${percent(ranges[4]!.most)}, and the two large ones together at least ${
    percent((average - middle) / (largest - middle))
  }`;
}

/** Parameters of ZAYA1 in billions, without its table of tokens. */
function withoutTable(which: "active" | "total"): number {
  const counted = parameters(zaya1);
  return (counted[which] - counted.embedding) / 1e9;
}
