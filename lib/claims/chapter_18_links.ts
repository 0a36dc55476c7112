import type { Model } from "../catalog/mod.ts";
import { seeded } from "../numeric/mod.ts";
import { peakRate } from "../roofline/mod.ts";
import {
  frontierLevels,
  type FusedSublayer,
  fusedSublayers,
  groupsByNeed,
  halfPackage,
  longTailedLengths,
  modelFlops,
  type PartitionPlan,
  partitionTraffic,
  reduceScatterAccesses,
  sequenceSeconds,
  staticGroups,
  studiedModels,
  t3Machine,
  trainingForward,
  trainingStep,
} from "../training/mod.ts";
import { parameters } from "../transformer/mod.ts";
import {
  type Catalog,
  type Citation,
  cite,
  courseCatalog,
  type Derivation,
  derive,
} from "./derivation.ts";
import { shown } from "./measures.ts";

const t3Setting =
  "forward pass, attention's output and the way down, of a GPT as wide as T-NLG and one as wide as Mega-GPT-2, split over 8 and 16 of T3's simulated GPUs, 8 and 16 sequences of 1,024 tokens; machine and models as published, recalled";
const frontierSetting =
  "a GPT of 20 billion, 2,048 tokens on each die, every layer computed again, nothing overlapped; kernels reach 40 % of the peak and 70 % of the bandwidth of memory: both assumed";
const byteSetting =
  "Llama-2-7B on 1,024 H100 at half of their peak, a context of 2 million tokens, 20,000 sequences whose lengths have the published shares of short and long ones (the law between is a guess), 8,192 tokens a device";

const gain = ({ speedup }: FusedSublayer) => speedup;
const leftTraffic = ({ savedTraffic }: FusedSublayer) => 1 - savedTraffic;

/** In units of the chunk that a device keeps in the end. */
const eight = reduceScatterAccesses(8);

/** Plans to divide the states of training over Frontier's three kinds of links. */
const plans = {
  plus: {
    name: "ZeRO++",
    weights: 3,
    secondary: 2,
    gradients: 3,
    weightBytes: 1,
    secondaryBytes: 1,
    gradientBytes: 0.5,
  },
  plusWide: { name: "ZeRO++ in 16 bits", weights: 3, secondary: 2, gradients: 3 },
  dies: { name: "three levels", weights: 1, gradients: 2, weightBytes: 1, gradientBytes: 0.5 },
} as const satisfies Readonly<Record<string, PartitionPlan>>;

/** Chapter 18, links: what devices tell each other, and when. */
export const chapter18Links: readonly Derivation[] = [
  derive("d-t3-geomean-30pct", {
    assumptions: () => [
      t3Setting,
      `with half of the peak in place of all of it ${
        shown(100 * (mean(smaller(0.5).map(gain)) - 1))
      } %; a gain is bounded by 50 %, since the all-gather waits as before`,
    ],
    by: [fusedSublayers],
    derived: () => 100 * (mean(smaller(1).map(gain)) - 1),
  }),
  derive("d-t3-max-47pct", {
    assumptions: [t3Setting],
    by: [fusedSublayers],
    derived: () => 100 * (Math.max(...smaller(1).map(gain)) - 1),
  }),
  derive("d-t3-500b-29pct", {
    assumptions: [
      "as wide as GPT-3, PaLM and MT-NLG, over 32 GPUs, one sequence of 1,024 tokens: the batch is a guess",
    ],
    by: [fusedSublayers],
    derived: () => {
      const models = [
        ["GPT-3", courseCatalog.model("gpt-3-175b")],
        ["PaLM", studiedModels.palm],
        ["MT-NLG", studiedModels.mtNlg],
      ] as const;
      const rows = models.flatMap(([, model]) => sublayers(model, 1, [32], 1));
      return 100 * (mean(rows.map(gain)) - 1);
    },
  }),
  derive("d-t3-traffic-22pct", {
    assumptions: [
      t3Setting,
      "bytes to and from memory of the multiplication, which reads each of its matrices once, of adding up and of handing out",
    ],
    by: [fusedSublayers],
    derived: () => 100 * (1 - mean(smaller(1).map(leftTraffic))),
  }),
  derive("d-t3-traffic-max-36pct", {
    assumptions: [
      t3Setting,
      "the paper counts reads of the multiplication, too, which fall as its results no longer pass the cache; they are not modeled",
    ],
    by: [fusedSublayers, reduceScatterAccesses],
    derived: () => 100 * (1 - Math.min(...smaller(1).map(leftTraffic))),
    otherwise: {
      condition:
        "only the result and its sums are counted, on 8 devices, and neither inputs nor handing out",
      derived: () => 100 * (1 - eight.fused.total / eight.after.total),
    },
  }),
  derive("d-frontier-1-71x", {
    assumptions: () => [
      `${frontierSetting}; 384 dies, all links at their peak`,
      `sending alone takes ${
        shown(traffic(plans.plus, 48).seconds / traffic(plans.dies, 48).seconds)
      } times as long with ZeRO++; the price is memory, ${
        shown(traffic(plans.dies, 48).memory / 1e9)
      } GB a die in place of ${shown(traffic(plans.plus, 48).memory / 1e9)}`,
    ],
    by: [partitionTraffic, trainingStep],
    derived: (catalog) => stepRatio(catalog, [plans.plus, 48], [plans.dies, 48], 1),
    otherwise: {
      condition:
        "links reach 30 % of their peak, and ZeRO++ sends 16 bits a value, the other 8 bits for weights and 4 for gradients",
      derived: (catalog) => stepRatio(catalog, [plans.plusWide, 48], [plans.dies, 48], 0.3),
    },
  }),
  derive("d-frontier-scaling-0-94", {
    assumptions: [
      `${frontierSetting}; a step on 64 dies over one on 384, all links at their peak: a bound`,
    ],
    by: [partitionTraffic, trainingStep],
    derived: (catalog) => stepRatio(catalog, [plans.dies, 8], [plans.dies, 48], 1),
    otherwise: {
      condition: "links reach 30 % of their peak",
      derived: (catalog) => stepRatio(catalog, [plans.dies, 8], [plans.dies, 48], 0.3),
    },
  }),
  derive("d-bytescale-7-89x", {
    assumptions: () => [
      `${byteSetting}; groups that are all made for the longest sequence, over groups by need, as if all devices were joined by 450 GB/s`,
      `with 50 GB/s it is ${
        shown(gained(courseCatalog, 50e9, 1))
      } times: the slower the link, the more it costs to send what need not be sent`,
    ],
    by: [staticGroups, groupsByNeed],
    relation: "at least",
    derived: (catalog) => gained(catalog, 450e9, 1),
    otherwise: {
      condition:
        "25 GB/s between devices, and four times as many tokens on each, as the other activations are sent to the host",
      derived: (catalog) => gained(catalog, 25e9, 4),
    },
  }),
  derive("d-holmes-gpu-months", {
    assumptions: () => [
      `GPT-3, 300 billion tokens in two months on A100 that reach 40 % of their peak: operations over what one device does; in half a month ${
        shown(devicesFor(courseCatalog, "nvidia-a100-sxm-80gb", 0.4, 0.5))
      }`,
      "as was reported, OPT-175B had some thousand A100, and LLaMA-65B two thousand for three weeks",
    ],
    by: [modelFlops, trainingForward],
    derived: (catalog) => devicesFor(catalog, "nvidia-a100-sxm-80gb", 0.4, 2),
    otherwise: {
      condition: "V100 that reach 20 % of their peak, as GPT-3 may have had, for half a month",
      derived: (catalog) => devicesFor(catalog, "nvidia-v100-sxm-32gb", 0.2, 0.5),
    },
  }),
];

/** Claims about links that no sum decides. */
export const chapter18LinkCitations: readonly Citation[] = [
  cite("d-bytescale-scale", "the sizes of runs, a report"),
];

/** The geometric mean. */
function mean(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

function sublayers(
  model: Model,
  sequences: number,
  groups: readonly number[],
  compute: number,
): FusedSublayer[] {
  const { hardware, link, latency } = t3Machine;
  return groups.flatMap((devices) =>
    fusedSublayers(
      { model, hardware, devices, efficiency: { compute, memory: 1, link: 1 } },
      { sequences, tokens: 1024 },
      link,
      latency,
    )
  );
}

/** The sublayers that T3 was measured on, when multiplications reach a share of the peak. */
function smaller(compute: number): FusedSublayer[] {
  return [
    ...sublayers(studiedModels.megaGpt2, 16, [8, 16], compute),
    ...sublayers(studiedModels.turing, 8, [8, 16], compute),
  ];
}

function traffic(plan: PartitionPlan, machines: number) {
  const { total } = parameters(studiedModels.frontier20);
  return partitionTraffic(total, plan, frontierLevels(machines));
}

/** How many times as long a step takes with one plan and number of machines as with another. */
function stepRatio(
  { hardware }: Catalog,
  slower: readonly [PartitionPlan, number],
  faster: readonly [PartitionPlan, number],
  links: number,
): number {
  const own = trainingStep({
    model: studiedModels.frontier20,
    hardware: halfPackage(hardware("amd-mi250x")),
    batch: { sequences: 1, tokens: 2048 },
    recompute: "layers",
    stage: 1,
    dataParallel: 384,
    efficiency: { compute: 0.4, memory: 0.7, link: 1 },
  }).seconds;
  const [one, other] = [slower, faster].map(([plan, machines]) =>
    own + traffic(plan, machines).seconds / links
  );
  return one! / other!;
}

/** Static groups over groups by need, of which each device may hold so many times the tokens. */
function gained({ model, hardware }: Catalog, bandwidth: number, room: number): number {
  const llama = model("llama-2-7b"), context = 2 ** 21, tokensPerDevice = 8192;
  const work = {
    lengths: longTailedLengths(20_000, context, seeded(18)),
    devices: 1024,
    tokensPerDevice,
    context,
    seconds: sequenceSeconds(llama, 0.5 * peakRate(hardware("nvidia-h100-sxm"), "bf16")),
    exchangedBytes: 3 * 2 * 2 * llama.hiddenSize * 32, // forward, and twice as much backward
    bandwidth,
  };
  return staticGroups(work).seconds /
    groupsByNeed({ ...work, tokensPerDevice: room * tokensPerDevice }).seconds;
}

/** Devices that train GPT-3 on 300 billion tokens in so many months. */
function devicesFor(
  { model, hardware }: Catalog,
  id: string,
  utilization: number,
  months: number,
): number {
  const tokens = 2048;
  const each = modelFlops(trainingForward(model("gpt-3-175b"), { sequences: 1, tokens })) / tokens;
  const format = id.includes("v100") ? "fp16" : "bf16";
  const rate = utilization * peakRate(hardware(id), format);
  return 300e9 * each / rate / (months * 30 * 86_400);
}
