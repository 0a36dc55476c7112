/** Thousandths of a second, as the published coefficients are. */
export type Milliseconds = number;

/** Three coefficients of a linear law. */
type Coefficients = readonly [number, number, number];

/** Measured step times of one engine, model and number of devices, in milliseconds. */
export interface StepProfile {
  /** Fixed, for each token of the prompts, and for each square of a prompt's length. */
  readonly prefill: Coefficients;
  /** Fixed, for each cached token, and for each sequence: of small batches, and of large ones. */
  readonly smallBatch: Coefficients;
  readonly largeBatch: Coefficients;
  /** Sequences from which a batch is large. */
  readonly largeFrom: number;
  /** What passes before each step: fixed, and for each token that it knows. */
  readonly dispatch: readonly [number, number];
}

/** Engines that were measured. */
export type MeasuredEngine = "distserve" | "vllm";

/**
 * What DistServe's authors measured on A100 80 GB devices, of their engine and of vLLM at the beginning of 2024; and the
 * time to hand a step to the workers that their simulator adds.
 *
 * The engines differ: vLLM's takes 1.4 times as long for a prompt. So a comparison of the two systems compares kernels too,
 * not only what shares a device with what.
 *
 * Source: github.com/LLMServe/DistServe (Apache License 2.0), simdistserve/estimators/profile_data, rounded to four digits.
 *
 * @param model The name in the catalog, in small letters: "opt-13b" or "opt-66b".
 * @returns Undefined when this was not measured.
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { stepProfile } from "@fewer-bytes/disaggregation";
 *
 * const [own, vllm] = (["distserve", "vllm"] as const).map((engine) => stepProfile(engine, "opt-13b", 1)!);
 * assertAlmostEquals(vllm!.prefill[1] / own!.prefill[1], 1.38, 0.01);
 * assertEquals(stepProfile("vllm", "opt-13b", 8), undefined);
 * ```
 */
export function stepProfile(
  engine: MeasuredEngine,
  model: string,
  devices: number,
): StepProfile | undefined {
  const found = published[engine][model]?.[devices];
  if (!found) return undefined;
  const [prefill, smallBatch, largeBatch] = found;
  return { prefill, smallBatch, largeBatch, largeFrom: 95, dispatch: [2, 1e-4] };
}

type Rows = readonly [prefill: Coefficients, smallBatch: Coefficients, largeBatch: Coefficients];

// deno-fmt-ignore
const published: Readonly<
  Record<MeasuredEngine, Readonly<Record<string, Readonly<Record<number, Rows>>>>>
> = {
  distserve: {
    "opt-13b": {
      1: [[18.1, 0.1019, 7.122e-06], [19.93, 0.0006269, 0.03851], [7.166, 0.0005798, 0.1583]],
      2: [[14.74, 0.06858, 2.45e-06], [13.29, 0.0003411, 0.06296], [10.64, 0.0003118, 0.08563]],
      4: [[12.06, 0.03808, 5.226e-07], [10.26, 0.0001879, 0.03269], [10.48, 0.0001712, 0.04567]],
    },
    "opt-66b": {
      2: [[43.06, 0.2742, 2.248e-05], [48.29, 0.0009424, 0.1276], [28.73, 0.0004745, 0.2962]],
      3: [[33.0, 0.1957, 1.221e-05], [35.8, 0.0005845, 0.09527], [22.65, 0.0005358, 0.2085]],
      4: [[29.44, 0.1514, 8.317e-06], [30.76, 0.0004519, 0.06328], [27.47, 0.0004047, 0.1248]],
      8: [[25.49, 0.1066, 3.391e-06], [23.16, 0.0002269, 0.04801], [21.72, 0.0003758, 0.08979]],
    },
  },
  vllm: {
    "opt-13b": {
      1: [[22.05, 0.1405, 8.077e-06], [23.48, 0.0005929, 0.06073], [20.21, 0.0004908, 0.12]],
      2: [[27.44, 0.09055, 8.452e-06], [24.54, 0.0002244, 0.08716], [17.95, 0.0004571, 0.1118]],
      4: [[30.54, 0.05151, 4.232e-07], [25.9, 7.754e-05, 0.05528], [23.88, 0.000284, 0.06277]],
    },
    "opt-66b": {
      2: [[58.38, 0.3826, -7.114e-06], [57.07, 0.003646, 0.2249], [26.98, 0.0062, 0.4483]],
      3: [[45.74, 0.2778, 3.646e-05], [44.94, 0.0008096, 0.2129], [43.7, 0.0008403, 0.2401]],
      4: [[42.97, 0.2129, 4.601e-05], [39.58, 0.0006946, 0.1358], [40.86, 0.0004265, 0.1951]],
      8: [[38.93, 0.1574, 4.532e-06], [31.18, 0.0002756, 0.06798], [29.09, 0.0006028, 0.139]],
    },
  },
};
