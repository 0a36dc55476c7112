import {
  type MeasuredEngine,
  networks,
  poolRates,
  simulatePools,
  simulateReplicas,
  splitGoodput,
  studyCases,
  wholeGoodput,
} from "../disaggregation/mod.ts";
import {
  blockCount,
  chunkedPrefill,
  logNormalLengths,
  makeRequests,
  pagedBatching,
  poissonArrivals,
  publicTraffic,
  type Requests,
  type ServingResult,
  StepCost,
} from "../serving/mod.ts";
import { type Catalog, courseCatalog, type Derivation, derive } from "./derivation.ts";
import { shown } from "./measures.ts";

const servers = ["nvidia-h100-pcie", "nvidia-h200-sxm"] as const;

/** Searched once, as nothing that they depend on changes. */
const gains = new Map<string, number>();

/** Chapter 13, two pools: prompts on some servers, answers on others. */
export const chapter13Phases: readonly Derivation[] = [
  derive("a-distserve-4-4x", {
    assumptions: () => [
      "the experiment behind it, 4.48 in DistServe's first version: summaries with OPT-66B on A100, first token in 15 s and others at 0.15 s for nine requests in ten, goodput for each device; simulated with published step times and placement, lengths of the published means, seed 1",
      `what the separation alone wins: both sides have DistServe's engine, the other side reads whole prompts first; with vLLM's engine of that time on the other side the same experiment gives ${
        shown(goodputGain("summaries 66B", "vllm"))
      } x`,
      "published are 1.6 to 7.4, over two other systems with engines of their own; where the other side hardly keeps its promise, its goodput is near zero and the ratio can be anything, and a first token promised a tenth of a second later turns it around",
    ],
    by: [splitGoodput, wholeGoodput, simulatePools, simulateReplicas],
    relation: "at least",
    derived: () => goodputGain("summaries 66B", "distserve"),
    otherwise: {
      condition:
        "the other side has vLLM's engine of that time and hardly keeps its promise: the chatbot with OPT-13B, first token in 0.25 s",
      derived: () => goodputGain("chatbot 13B", "vllm"),
    },
  }),
  derive("a-disagg-removes-interference", {
    assumptions: () => [
      "simulated: Llama 3.1 8B in BF16, lengths as in Azure's conversations, 40 requests a second for 15 seconds; one H100 reads, one writes, 400 Gb/s between them",
      `"removed" is read as: one gap in a hundred is at most 1.5 times the usual one; two H100 that do both have ${
        shown(unevenness(replicas(courseCatalog, "whole")))
      } with whole prompts first, and ${
        shown(unevenness(replicas(courseCatalog, "chunked")))
      } with prompts in chunks of 512 tokens`,
      "prompts wait for no answer, but for one another on half of the devices, and the second token waits for the link",
    ],
    by: [simulatePools, simulateReplicas],
    relation: "at most",
    proxy: {
      computes: "99th percentile of the gaps between tokens, over their median",
      unit: "x",
      threshold: 1.5,
    },
    derived: (catalog) => unevenness(pools(catalog)),
  }),
  derive("b-phase-splitting", {
    assumptions: () => [
      "Llama 3.1 8B in BF16, lengths as in Azure's conversations, as many answers at once as fit, full load; the network is not paid for",
      "H100 PCIe read and H200 write; what a device costs is its thermal design power, as the catalog has no prices",
      priceRange(courseCatalog),
    ],
    by: [poolRates],
    relation: "at least",
    proxy: {
      computes: "requests a second for a watt, two kinds of devices over the better one alone",
      unit: "x",
      threshold: 1,
    },
    derived: (catalog) => {
      const [reader, writer] = servers.map((id) => phaseRates(catalog, id));
      const alone = [reader!, writer!].map((one) => together(one.prefill, one.decode));
      return together(reader!.prefill, writer!.decode) / Math.max(...alone);
    },
  }),
];

/** Goodput of DistServe's own placement over that of servers that do both, with an engine. No catalog is asked. */
function goodputGain(name: keyof typeof studyCases, engine: MeasuredEngine): number {
  const key = `${name}, ${engine}`;
  const known = gains.get(key);
  if (known !== undefined) return known;
  const setup = { study: studyCases[name], engine: "distserve" } as const;
  const gain = splitGoodput(setup, "NVLink").perDevice /
    wholeGoodput({ ...setup, engine }, "whole prompts").perDevice;
  gains.set(key, gain);
  return gain;
}

/** As many seconds of conversations, so many of them in a second. */
function conversations(rate: number, seconds: number): Requests {
  const { prompt, output } = publicTraffic.azureConversation;
  return makeRequests({
    count: rate * seconds,
    arrivals: poissonArrivals(rate),
    prompt: logNormalLengths(prompt),
    output: logNormalLengths(output),
  });
}

function costOf({ model, hardware }: Catalog, id: string): StepCost {
  return new StepCost({ model: model("llama-3.1-8b"), hardware: hardware(id) });
}

function pools(catalog: Catalog): ServingResult {
  const pool = { deployment: costOf(catalog, "nvidia-h100-sxm"), servers: 1 };
  return simulatePools({
    prefill: pool,
    decode: pool,
    requests: conversations(40, 15),
    path: { link: networks["infiniband-ndr"] },
  });
}

function replicas(catalog: Catalog, prompts: "whole" | "chunked"): ServingResult {
  return simulateReplicas({
    deployment: costOf(catalog, "nvidia-h100-sxm"),
    servers: 2,
    policy: () => prompts === "whole" ? pagedBatching() : chunkedPrefill(),
    requests: conversations(40, 15),
  });
}

function unevenness({ timeBetweenTokens: { p99, p50 } }: ServingResult): number {
  return p99 / p50;
}

/** Requests a second that a watt can read, and that a watt can write. */
function phaseRates(catalog: Catalog, id: string): { prefill: number; decode: number } {
  const cost = costOf(catalog, id);
  const { prefill, decode } = poolRates(cost, cost, conversations(20, 15), {
    cacheTokens: blockCount(cost.deployment, 1),
    batch: 4096,
  });
  const watts = catalog.hardware(id).power!;
  return { prefill: prefill / watts, decode: decode / watts };
}

/** Requests a second of two pools for a unit of their price. */
function together(prefill: number, decode: number): number {
  return 1 / (1 / prefill + 1 / decode);
}

/** Whether a mix pays is a matter of prices, and of no others than those between two ratios. */
function priceRange(catalog: Catalog): string {
  const [newer, older] = ["nvidia-h100-sxm", "nvidia-a100-sxm-80gb"].map((id) => {
    const watts = catalog.hardware(id).power!;
    const { prefill, decode } = phaseRates(catalog, id);
    return { prefill: watts * prefill, decode: watts * decode };
  });
  return `A100 that write for H100 pay if one costs ${shown(older!.prefill / newer!.prefill)} to ${
    shown(older!.decode / newer!.decode)
  } of an H100: more than it reads, less than it writes, each in parts of what an H100 does`;
}
