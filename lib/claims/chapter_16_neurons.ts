import type { Model } from "../catalog/mod.ts";
import { seeded } from "../numeric/mod.ts";
import {
  countWindowReads,
  drawActivations,
  fitReads,
  type FlashLoad,
  flashLoads,
  flashTokens,
  neuronBytes,
  persistenceFor,
  residentShare,
  windowReads,
} from "../offload/mod.ts";
import { courseCatalog, type Derivation, derive } from "./derivation.ts";
import { shown } from "./measures.ts";

/** Apple's flash, an M1 Max with 32 threads, by three published rates: rows of 8 KiB, bundles of 16 KiB, long reads. */
const flash = fitReads(
  ([[8192, 1.25e9], [16_384, 2.25e9], [2 ** 30, 6.1e9]] as const).map(([bytes, rate]) => ({
    bytes,
    seconds: bytes / rate,
  })),
);
/** What Apple reports besides reading, in seconds; recalled from table 3. */
const cpu = { dense: 0.986, sparse: 0.506, management: 0.058 };
const gpu = { dense: 0.022, sparse: 0.019, management: 0.035 };
const activity = 0.1;
const window = 5;
const persistent = { activity, persistence: persistenceFor(activity, window, 0.24) };
const apple =
  "OPT-6.7B in FP16 on flash that is fitted to the three rates Apple publishes, a tenth of the neurons active, a window of five tokens";

/** Chapter 16, LLM in a flash: neurons that are read when they are needed. */
export const chapter16Neurons: readonly Derivation[] = [
  derive("d-llmflash-2x-dram", {
    assumptions: () => [
      "OPT-6.7B: embeddings, attention, a predictor of 1.25 % and the neurons of a window of five, 24 % of all, stay in memory; the rest is on flash",
      `Llama 2 7B, with a gate and as few active neurons, would be held to ${
        shown(100 * residentShare(courseCatalog.model("llama-2-7b"), 0.24, 0.0125).total)
      } %; but its activation has no zeros`,
    ],
    by: [residentShare],
    derived: ({ model }) => residentShare(model("opt-6.7b"), 0.24, 0.0125).largerThanMemory,
  }),
  derive("d-llmflash-cpu-4-5x", {
    assumptions: [
      apple,
      "what the authors report besides reading, recalled from their table: 986 ms with all neurons, 506 ms with the active ones, 58 ms to move them in memory; nothing overlaps",
    ],
    by: [flashLoads, flashTokens],
    derived: ({ model }) => flashTokens(loads(model("opt-6.7b")), cpu).at(-1)!.speedup,
  }),
  derive("d-llmflash-gpu-20-25x", {
    assumptions: () => [
      apple,
      "what the authors report besides reading, recalled from their table: 22 ms with all neurons, 19 ms with the active ones, 35 ms to move them; the disk is that of the CPU's machine",
      `their GPU stood beside a faster disk, which took 30 ms for the bundles: with the parts as reported it is ${
        shown(reportedGpu())
      } times`,
    ],
    by: [flashLoads, flashTokens],
    derived: ({ model }) => flashTokens(loads(model("opt-6.7b")), gpu).at(-1)!.speedup,
    otherwise: {
      condition: "reading alone is compared, without arithmetic and moving",
      derived: ({ model }) => {
        const all = loads(model("opt-6.7b"));
        return all[0]!.seconds / all.at(-1)!.seconds;
      },
    },
  }),
  derive("d-llmflash-windowing", {
    assumptions: () => [
      "2,000 neurons for 400 tokens, drawn so that a tenth is active for a token and 24 % for a window of five, as published of OPT-6.7B; seed 1",
      `neurons that are drawn anew for each token would be read to ${
        shown(windowReads({ activity }, window).loaded / activity)
      } of what they are without a window`,
    ],
    by: [countWindowReads, drawActivations, persistenceFor],
    relation: "at most",
    proxy: {
      computes: "neurons read with a window, over those without",
      unit: "x",
      threshold: 0.5,
    },
    derived: () => {
      const trace = drawActivations({ ...persistent, neurons: 2000, tokens: 400 }, seeded(1));
      return countWindowReads(trace, 2000, window).loaded /
        countWindowReads(trace, 2000, 0).loaded;
    },
  }),
  derive("d-llmflash-bundling", {
    assumptions: () => [
      "OPT-6.7B, whose networks have two matrices; with a gate there are three",
      `the read is twice as large, and throughput grows ${
        shown(flashGain())
      } times, as half of each read is waiting`,
    ],
    by: [neuronBytes],
    derived: ({ model }) => {
      const { alone, bundled } = neuronBytes(model("opt-6.7b"), "fp16");
      return bundled / alone;
    },
  }),
];

function loads(model: Model): FlashLoad[] {
  return flashLoads({
    model,
    storage: "fp16",
    flash,
    activity,
    window: windowReads(persistent, window),
  });
}

/** The totals of Apple's table for a GPU: 2,196 ms of reading, or 30. */
function reportedGpu(): number {
  const reported = ([["everything", 2.196], ["bundles", 0.03]] as const).map((
    [step, seconds],
  ) => ({ step, seconds, bytes: 0, chunk: undefined, throughput: 0 }));
  return flashTokens(reported, gpu).at(-1)!.speedup;
}

function flashGain(): number {
  const all = loads(courseCatalog.model("opt-6.7b"));
  return all.at(-1)!.throughput / all.at(-2)!.throughput;
}
