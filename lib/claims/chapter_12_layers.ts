import {
  chunkedPrefill,
  CountedBlocks,
  layeredPrefill,
  logNormalLengths,
  makeRequests,
  poissonArrivals,
  publicTraffic,
  type ServingResult,
  simulate,
  StepCost,
} from "../serving/mod.ts";
import { type Catalog, courseCatalog, type Derivation, derive } from "./derivation.ts";

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
const setting =
  "Qwen3-30B-A3B in BF16 on two H100, 300 prompts as papers of arXiv are long, 9,194 tokens in the mean; chunks of 512 tokens against groups of layers for 512 tokens each";
const bound = "3 requests a second, step times from the roofline";
const asKernelsAre = {
  efficiency: { compute: 0.5, memory: 0.6, link: 0.6 },
  kernels: "kernels reach half of the arithmetic and 60 % of the bandwidth",
};

/** Chapter 12, layers: prompts cut by layers and not by tokens, so that experts are read once. */
export const chapter12Layers: readonly Derivation[] = [
  derive("d-layered-39pct-traffic", {
    assumptions: () => [
      `${setting}; ${bound}`,
      `all bytes that chunks move more than layers, in percent; of the bytes of experts alone ${
        percent(at(courseCatalog, 3, ({ traffic }) => traffic.experts, inverse))
      } more. Fewer requests share a reading: ${
        percent(at(courseCatalog, 1.3, ({ traffic }) => traffic.total, inverse))
      } more bytes at 1.3 a second, ${
        percent(at(courseCatalog, 4, ({ traffic }) => traffic.total, inverse))
      } at 4`,
    ],
    by: [simulate, chunkedPrefill, layeredPrefill],
    derived: (catalog) => 100 * at(catalog, 3, ({ traffic }) => traffic.total, inverse),
    otherwise: {
      condition: "39 % is the share of the bytes of experts that layers save, as in the paper",
      derived: (catalog) => 100 * at(catalog, 3, ({ traffic }) => traffic.experts),
    },
  }),
  derive("d-layered-ttft-70pct", {
    assumptions: [
      `${setting}; ${bound}`,
      "the mean; all layers decode in each step of either, and layers wait less between tokens, too",
    ],
    by: [simulate, chunkedPrefill, layeredPrefill],
    derived: (catalog) => 100 * at(catalog, 3, ({ timeToFirstToken }) => timeToFirstToken.mean),
  }),
  derive("d-layered-e2e-41pct", {
    assumptions: [
      `${setting}; ${bound}, at which nothing but bytes and arithmetic costs time`,
    ],
    by: [simulate, chunkedPrefill, layeredPrefill],
    derived: (catalog) => 100 * at(catalog, 3, ({ latency }) => latency.mean),
    otherwise: {
      condition:
        `${asKernelsAre.kernels}, each step takes 5 ms besides, and 1.6 requests arrive a second`,
      derived: (catalog) =>
        100 * at(catalog, 1.6, ({ latency }) => latency.mean, saved, {
          efficiency: asKernelsAre.efficiency,
          overhead: 5e-3,
        }),
    },
  }),
  derive("d-layered-energy-22pct", {
    assumptions: [
      `${setting}; ${bound}`,
      "an idle device draws a quarter of its power, a byte 32 pJ, arithmetic the rest",
    ],
    by: [simulate, chunkedPrefill, layeredPrefill],
    derived: (catalog) => 100 * at(catalog, 3, ({ energy }) => energy),
    otherwise: {
      condition:
        `more requests come than can be served, so that who is done earlier idles less, and ${asKernelsAre.kernels}`,
      derived: (catalog) => 100 * at(catalog, 100, ({ energy }) => energy, saved, asKernelsAre),
    },
  }),
];

/** What chunks cost and layers do not, as a share of what chunks cost. */
function saved(chunked: number, layered: number): number {
  return 1 - layered / chunked;
}

/** The same as a share of what layers cost. */
function inverse(chunked: number, layered: number): number {
  return chunked / layered - 1;
}

/** Compares the two at a rate. */
function at(
  { model, hardware }: Catalog,
  rate: number,
  measure: (result: ServingResult) => number,
  compare: typeof saved = saved,
  { efficiency, overhead = 0 }: {
    readonly efficiency?: typeof asKernelsAre.efficiency;
    readonly overhead?: number;
  } = {},
): number {
  const qwen = model("qwen3-30b-a3b");
  const deployment = new StepCost({
    model: qwen,
    hardware: hardware("nvidia-h100-sxm"),
    devices: 2,
    ...(efficiency && { efficiency }),
  }, overhead);
  const { prompt, output } = publicTraffic.arxivPaper;
  const requests = makeRequests({
    count: 300,
    arrivals: poissonArrivals(rate),
    prompt: logNormalLengths(prompt),
    output: logNormalLengths(output),
  });
  const [chunked, layered] = [chunkedPrefill(), layeredPrefill(qwen)].map((policy) =>
    measure(simulate({ deployment, requests, policy, memory: new CountedBlocks(50_000) }))
  ) as [number, number];
  return compare(chunked, layered);
}
