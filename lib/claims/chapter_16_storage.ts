import { findComputingDrive, findMemory } from "../catalog/mod.ts";
import {
  cacheForms,
  explainingPath,
  inFlashDecode,
  mixedDecode,
  readThroughput,
  storedAttention,
  type StoredCaches,
} from "../offload/mod.ts";
import { parameters } from "../transformer/mod.ts";
import { once } from "../units/mod.ts";
import { type Catalog, courseCatalog, type Derivation, derive } from "./derivation.ts";
import { shown } from "./measures.ts";

const flash = once(() => findComputingDrive("cambricon-llm-l"));
const drive = once(() => findComputingDrive("instinfer-csd"));
const dram = 40e9;
const cambricon =
  "Cambricon-LLM-L by its published channels, dies and pages; 8 bits a weight, 1,000 tokens of context, 40 GB/s for the cache (an estimate)";

/** Chapter 16, drives that compute, and caches in two forms. */
export const chapter16Storage: readonly Derivation[] = [
  derive("b-kv-partial-recompute", {
    assumptions: () => [
      "OPT-30B in BF16 on an A100 40 GB, all weights on the device, caches of 32 sequences with 1,024 tokens on the host behind PCIe 4; a bound, of which KVPR measures up to 1.46",
      `multi-head attention, as in the models of the paper; where four query heads share a cached head, as in Llama 3.1 8B, it is ${
        shown(recomputeGain(courseCatalog, "llama-3.1-8b"))
      }: inputs are then larger than keys and values`,
    ],
    by: [mixedDecode],
    relation: "at least",
    proxy: {
      computes: "step that loads all, over one that computes the best part again",
      unit: "x",
      threshold: 1.1,
    },
    derived: (catalog) => recomputeGain(catalog, "opt-30b"),
  }),
  derive("b-activation-checkpoint-hybrid-cache", {
    assumptions: [
      "Llama 3.1 8B, with four query heads to each cached one; the input of a layer against its keys and values, in the same format",
      "rebuilt it can be in any case; the question is whether it saves bytes, and the break-even is at two query heads to each cached one",
    ],
    by: [cacheForms],
    relation: "at most",
    proxy: {
      computes: "bytes of a token as an input, over those as keys and values",
      unit: "x",
      threshold: 1,
    },
    derived: ({ model }) => cacheForms(model("llama-3.1-8b")).ratio,
    otherwise: {
      condition: "each query head has keys and values of its own, as in OPT-13B",
      derived: ({ model }) => cacheForms(model("opt-13b")).ratio,
    },
  }),
  derive("d-cambricon-70b-3-44", {
    assumptions: () => [
      cambricon,
      `a bound, of which ${
        shown(100 * 3.44 / inFlash(courseCatalog, "llama-2-70b"))
      } % are reported; 3.44 tokens of 70 GB are ${shown(3.44 * 70)} GB/s`,
    ],
    by: [inFlashDecode],
    relation: "at least",
    derived: (catalog) => inFlash(catalog, "llama-2-70b"),
  }),
  derive("d-cambricon-7b-36-34", {
    assumptions: () => [
      `${cambricon}; OPT-6.7B`,
      `36.34 tokens of 7 GB are ${
        shown(36.34 * 7)
      } GB/s, more than for the large model, so the ratio of the two is ${
        shown(36.34 / 3.44)
      } and not 10`,
    ],
    by: [inFlashDecode],
    derived: (catalog) => inFlash(catalog, "opt-6.7b"),
  }),
  derive("d-cambricon-22-45x", {
    assumptions: () => [
      `${cambricon}; OPT-6.7B, over the same weights read from a drive of 7.45 GB/s for every token, with nothing else to wait for`,
      `so it is a matter of the drive: over the flash of a phone, 4.2 GB/s, it is ${
        shown(overDrive(courseCatalog, "ufs-4.0"))
      }; 45 and 22 times are those of ${shown(rateFor(45))} and ${shown(rateFor(22))} GB/s`,
    ],
    by: [inFlashDecode, readThroughput],
    derived: (catalog) => overDrive(catalog, "samsung-990-pro"),
  }),
  derive("d-instinfer-11-1x", {
    assumptions: () => [
      "OPT-13B in FP16 on an RTX A6000, 64 sequences of 1,536 tokens, one drive that reads 11.2 GB/s inside; caches come to the device at the 7 GB/s of the drive's own link",
      `an equal comparison, the whole cache on both sides, is ${
        shown(inStorage(courseCatalog, { path: 1.6e9 }))
      } times where the way through host and file system gives 1.6 GB/s, and would be 11.1 times at ${
        shown(slowPath(courseCatalog))
      } GB/s; against caches in the host's memory, at 32 GB/s, the drive loses: ${
        shown(inStorage(courseCatalog, { path: 32e9 }))
      }`,
    ],
    by: [storedAttention, explainingPath],
    relation: "at least",
    derived: (catalog) => inStorage(catalog, { path: drive().link! }),
    otherwise: {
      condition: "the drive reads an eighth of each cache (sparse attention), the device all of it",
      derived: (catalog) => {
        const whole = stored(catalog, { path: drive().link! });
        return whole.loaded / stored(catalog, { path: drive().link!, read: 1 / 8 }).stored;
      },
    },
  }),
];

function recomputeGain({ model, hardware }: Catalog, name: string): number {
  const deployment = { model: model(name), hardware: hardware("nvidia-a100-sxm-40gb") };
  return mixedDecode(deployment, 32, 1024).speedup;
}

function inFlash({ model }: Catalog, name: string): number {
  return inFlashDecode(model(name), flash(), 1000, dram).tokensPerSecond;
}

/** Times as fast as the weights, a byte each, read from a drive in one go. */
function overDrive(catalog: Catalog, id: string): number {
  const weights = parameters(catalog.model("opt-6.7b")).total;
  return inFlash(catalog, "opt-6.7b") * weights / readThroughput(findMemory(id), 2 ** 30);
}

/** The drive, in GB/s, over which it is so many times as fast. */
function rateFor(times: number): number {
  const { bandwidth } = findMemory("samsung-990-pro");
  return overDrive(courseCatalog, "samsung-990-pro") * bandwidth / times / 1e9;
}

function setup({ model, hardware }: Catalog) {
  return {
    model: model("opt-13b"),
    hardware: hardware("nvidia-rtx-a6000"),
    formats: { weights: "fp16", cache: "fp16", activations: "fp16" },
  } as const;
}

function stored(catalog: Catalog, caches: Omit<StoredCaches, "drive">) {
  return storedAttention(setup(catalog), 64, 1536, { drive: drive(), ...caches });
}

function inStorage(catalog: Catalog, caches: Omit<StoredCaches, "drive">): number {
  return stored(catalog, caches).speedup;
}

/** In GB/s. */
function slowPath(catalog: Catalog): number {
  return explainingPath(setup(catalog), 64, 1536, { drive: drive() }, 11.1) / 1e9;
}
