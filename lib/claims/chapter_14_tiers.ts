import { findAccessPath, findMemory, findMemoryLink } from "../catalog/mod.ts";
import {
  accessLatency,
  adamStep,
  behind,
  bufferedSchedule,
  cardRates,
  compareExpansion,
  type Expansion,
  faultBandwidth,
  layerStages,
  mainMemory,
  scaleBandwidth,
  spilledDecode,
  type Tier,
  tierBandwidth,
} from "../memory/mod.ts";
import type { Deployment } from "../roofline/mod.ts";
import { once } from "../units/mod.ts";
import { type Catalog, courseCatalog, type Derivation, derive } from "./derivation.ts";
import { decodeStep, shown } from "./measures.ts";

const request = { promptTokens: 500, outputTokens: 100 };
const link = once(() => findMemoryLink("pcie-5-x16"));
const box = once(() => behind(findMemory("samsung-cmm-b"), link()));
const panmnesia = once(() => findAccessPath("panmnesia-gpu"));
const card: Tier = { name: "a CXL card", capacity: 512e9, bandwidth: 48e9 };

/** Chapter 14, tiers of memory: how fast, how far, and what a link makes of them. */
export const chapter14Tiers: readonly Derivation[] = [
  derive("a-bandwidth-raises-token-rate", {
    assumptions: () => [
      "Llama 3.1 8B in BF16 on one H100, 500 tokens of prompt and 100 of answer, one sequence; from its bandwidth to twice as much",
      `for 256 sequences the exponent is ${
        shown(bandwidthExponent(courseCatalog, 256))
      }, for 1,024 ${
        shown(bandwidthExponent(courseCatalog, 1024))
      }: it falls as operators come to wait for arithmetic`,
    ],
    by: [scaleBandwidth],
    derived: (catalog) => bandwidthExponent(catalog, 1),
  }),
  derive("a-uvm-pcie-slow", {
    assumptions: () => [
      "an H100's own memory against one direction of PCIe 5.0 x16, before line coding",
      `so one percent of Llama 3.1 8B's weights read on demand makes a token ${
        shown(onePercent(courseCatalog))
      } times as long; where 64 KiB fault at a time, each 20 µs, the link gives ${
        shown(faultBandwidth({ page: 65_536, latency: 20e-6 }, link().bandwidth) / 1e9)
      } GB/s`,
    ],
    by: [tierBandwidth, spilledDecode, faultBandwidth],
    relation: "at least",
    proxy: { computes: "bandwidth of HBM, over that of the link", unit: "x", threshold: 10 },
    derived: ({ hardware }) =>
      tierBandwidth(mainMemory(hardware("nvidia-h100-sxm"))) / link().bandwidth,
  }),
  derive("a-cxl-adds-capacity", {
    assumptions: [
      "one card of those that are sold, Micron's CZ120 on eight lanes; a box of eight modules holds 16 TB",
      "whether a GPU has it in its own address space is the maker's word",
    ],
    by: [findMemory],
    derived: () => findMemory("micron-cz120").capacity / 1e9,
  }),
  derive("a-cxl-sub-100ns", {
    assumptions: () => [
      "load to use, the least of what sources say: through the GPU to its second-level cache (an estimate), the controller both ways, and DRAM",
      `${
        shown(1e9 * accessLatency(panmnesia()).most)
      } ns at most; a processor reaches a card in a slot of its own in ${
        shown(1e9 * accessLatency(findAccessPath("cxl-direct")).least)
      } to ${
        shown(1e9 * accessLatency(findAccessPath("cxl-direct")).most)
      } ns, and an H100 its own HBM in ${
        shown(1e9 * accessLatency(findAccessPath("gpu-hbm")).least)
      } or more; CXL runs on the wires of PCIe`,
    ],
    by: [accessLatency],
    relation: "at most",
    derived: () => 1e9 * accessLatency(panmnesia()).least,
    otherwise: {
      condition:
        "it is the round trip of the controller alone, without GPU and DRAM, that is meant",
      derived: () => 1e9 * accessLatency(panmnesia(), ["CXL controller, both ways"]).most,
    },
  }),
  derive("a-cxl-fewer-gpus", {
    assumptions: () => [
      "Llama 3.1 70B in BF16, 500 + 100 tokens, one sequence; H100, nine tenths of whose memory may be filled; a CXL box of 60 GB/s for each, with the best placement and all reads ahead",
      `it is held, and it is slow: one H100 with CXL gives ${
        shown(fewest(courseCatalog, true).tokensPerSecond!)
      } tokens a second, ${fewest(courseCatalog, false).devices} H100 without give ${
        shown(fewest(courseCatalog, false).tokensPerSecond!)
      }; experts suffer less, as few of them are read`,
    ],
    by: [compareExpansion],
    relation: "at most",
    proxy: {
      computes: "GPUs that hold the model with CXL memory, over those that do without",
      unit: "x",
      threshold: 0.5,
    },
    derived: (catalog) => fewest(catalog, true).devices / fewest(catalog, false).devices,
  }),
  derive("b-prefetch-hides-latency", {
    assumptions: () => [
      "Llama 3.1 8B in BF16 on one H100, a decode step of one sequence with 500 tokens, layer by layer through two buffers, from a memory that is as fast as the H100's own",
      `no schedule hides more than the shorter of the two: from a memory behind PCIe 5.0 x16 ${
        shown(100 * hidden(courseCatalog, link().bandwidth))
      } % of the loads are hidden`,
    ],
    by: [bufferedSchedule, layerStages],
    relation: "at least",
    proxy: {
      computes: "what is hidden of the time of loads",
      unit: "of the loads",
      threshold: 0.9,
    },
    derived: (catalog) => hidden(catalog, catalog.hardware("nvidia-h100-sxm").memory[0].bandwidth),
  }),
  derive("d-cxl-ft-optimizer-slow", {
    assumptions: () => [
      "Adam for 7 billion parameters in FP32 on a Xeon of eight channels of DDR5-4800, against all four tensors on a card of 48 GB/s; bytes alone, arithmetic is free",
      `with half of each tensor on the card still ${
        shown(adamSlowdown(courseCatalog, 0.5))
      } times, and faster than DRAM alone where pages are shared out by bandwidth`,
    ],
    by: [adamStep],
    relation: "at least",
    proxy: { computes: "time of a step with CXL, over that in DRAM", unit: "x", threshold: 1 },
    derived: (catalog) => adamSlowdown(catalog, 1),
  }),
  derive("d-cxl-ft-multi-aic", {
    assumptions: [
      "two GPUs that would each read 26 GB/s, cards of 36 GB/s, pages spread over all cards, shared fairly",
      "two cards give each GPU what it asks for; a third would add nothing",
    ],
    by: [cardRates],
    relation: "at least",
    proxy: { computes: "what a GPU gets from two cards, over one", unit: "x", threshold: 1 },
    derived: () => {
      const readers = [26e9, 26e9];
      return cardRates([36e9, 36e9], readers)[0]! / cardRates([36e9], readers)[0]!;
    },
  }),
];

function eight({ model, hardware }: Catalog): Deployment {
  return { model: model("llama-3.1-8b"), hardware: hardware("nvidia-h100-sxm") };
}

function bandwidthExponent(catalog: Catalog, batch: number): number {
  return scaleBandwidth(eight(catalog), { ...request, batch }, [1, 2])[1]!.exponent!;
}

/** How many times as long a token takes when one percent of the weights is read over the link, on demand. */
function onePercent(catalog: Catalog): number {
  const host = behind(mainMemory(catalog.hardware("amd-epyc-9654")), link());
  return spilledDecode(eight(catalog), request, host, { weights: 0.01 }, { overlap: "none" })
    .slowdown;
}

/** The fewest GPUs that hold a model of 70 billion parameters. */
function fewest({ model, hardware }: Catalog, expanded: boolean): Expansion {
  const rows = compareExpansion(
    { model: model("llama-3.1-70b"), hardware: hardware("nvidia-h100-sxm") },
    request,
    box(),
    { devices: [1, 2, 4, 8] },
  );
  return rows.find((row) => row.expanded === expanded && row.fits)!;
}

/** The share of loads that hides behind the work on the layer before. */
function hidden(catalog: Catalog, bandwidth: number): number {
  const remote = { name: "remote", capacity: 1e12, bandwidth };
  const stages = layerStages(eight(catalog), decodeStep(500), remote, 0);
  const loads = stages.reduce((sum, { load }) => sum + load, 0);
  return 1 - bufferedSchedule(stages, 2).exposed / loads;
}

function adamSlowdown({ hardware }: Catalog, far: number): number {
  const tiers = [mainMemory(hardware("intel-xeon-8480plus")), card];
  const shares = [1 - far, far];
  return adamStep(7e9, tiers, {
    parameters: shares,
    gradients: shares,
    momentum: shares,
    variance: shares,
  }).seconds / adamStep(7e9, tiers).seconds;
}
