import { findMemory } from "../catalog/mod.ts";
import { bankCosts, compareMemory, feedForwardBank, ultraMemV2 } from "../experts/mod.ts";
import { once } from "../units/mod.ts";
import { type Citation, cite, type Derivation, derive } from "./derivation.ts";

const small = { layers: 35, hiddenSize: 512, widths: [256, 64, 16, 0] };
const large = { layers: 24, hiddenSize: 2048, widths: [768, 256, 16, 0] };
const costs = (anchor: number, plan: typeof small) =>
  bankCosts({ anchor, levels: feedForwardBank({ ...plan, tiers: [findMemory("ufs-3.1")] }) });
const bank160 = once(() => costs(163_510_016, small));
const bank14 = once(() => costs(1_439_893_504, large));
const shape =
  "blocks of 256, 64 and 16 neurons for each of 35 layers of width 512, gated, at levels of 16, 256 and 4,096 blocks, as the paper's tables 4 and 7 have them";

/** Chapter 17, memory layers and banks: what is stored, and what is fetched. */
export const chapter17Memories: readonly Derivation[] = [
  derive("d-hiermem-18m", {
    assumptions: () => [
      shape,
      `${(bank160().moved / 1e6).toFixed(0)} MB in 16 bits, which take ${
        (1e3 * bank160().seconds).toFixed(0)
      } ms from the flash of a phone (UFS 3.1), once for a context; then ${
        (100 * (bank160().activeOverAnchor - 1)).toFixed(0)
      } % more parameters work`,
    ],
    by: [feedForwardBank, bankCosts],
    derived: () => bank160().fetched / 1e6,
  }),
  derive("d-hiermem-4-6b", {
    assumptions: () => [
      shape,
      `${(bank160().stored.reduce((a, b) => a + b, 0) / 1e9).toFixed(1)} GB in 16 bits, of which ${
        (100 * bank160().fetchedShare).toFixed(2)
      } % are fetched`,
    ],
    by: [feedForwardBank, bankCosts],
    derived: () => bank160().bank / 1e9,
  }),
  derive("d-hiermem-21b", {
    assumptions: () => [
      "the largest bank of the paper's table 1: blocks of 768, 256 and 16 neurons for each of 24 layers of width 2,048, for an anchor of 1.4 billion",
      `it fetches ${(bank14().fetched / 1e6).toFixed(0)} million parameters`,
    ],
    by: [feedForwardBank, bankCosts],
    relation: "at least",
    derived: () => bank14().bank / 1e9,
  }),
];

/** Claims about memory layers and banks that are only cited. */
export const chapter17MemoryCitations: readonly Citation[] = [
  cite(
    "d-ultramem-2-vs-8-experts",
    () => {
      const [alone, few, many] = compareMemory(ultraMemV2, 8, [1, 64, 4096])
        .map(({ mixture, memory }) => (mixture / memory).toFixed(1));
      return `quality of trained models. The other half, less memory access, is computed: a layer of UltraMemV2-1B/7B against a mixture of equal parameters and operations, where the mixture reads ${alone} times as much for a token alone, ${few} times for 64 tokens and ${many} times for 4,096`;
    },
  ),
  cite("d-ultramem-long-context-memorization", "a benchmark score of trained models"),
  cite("d-ultramem-multiround", "a benchmark score of trained models"),
  cite("d-ultramem-icl", "a benchmark score of trained models"),
  cite(
    "d-ultramem-active",
    "the size of a model that is not public; the paper gives shapes only for its open models, up to 7 billion",
  ),
  cite(
    "d-ultramem-total",
    "the size of a model that is not public; in 16 bits all of it takes 240 GB, and what works on a token 5 GB",
  ),
  cite(
    "d-ultramem-density-over-count",
    "quality of trained models: 768 values found of 60 billion parameters beat 256 of 120 billion",
  ),
  cite(
    "d-hiermem-160m-18m",
    "benchmark scores of trained models. By the paper's table 1 it holds for specific knowledge, 40.3 points against 40.9 of a model with 410 million parameters; for common knowledge it is 48.7 against 52.3. What it costs is derived",
  ),
];
