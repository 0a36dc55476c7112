import { complete, type Deployment, operatorOptions, stepTime } from "../../roofline/mod.ts";
import { skippedOperators } from "../../sparsity/mod.ts";
import { operators } from "../../transformer/mod.ts";
import { requireAtLeast, type Seconds, type Tokens } from "../../units/mod.ts";
import type { FlashLoad } from "./flash_loads.ts";

/** What a token costs besides reading flash. */
export interface TokenWork {
  /** Computing with all neurons, where none is left out. */
  readonly dense: Seconds;
  /** Computing with the active neurons. */
  readonly sparse: Seconds;
  /** Moving neurons in memory, where some are kept and some go. */
  readonly management: Seconds;
}

/** A token that reads flash, and then computes. */
export interface FlashToken extends FlashLoad {
  readonly compute: Seconds;
  readonly management: Seconds;
  readonly total: Seconds;
  /** Compared with reading everything. */
  readonly speedup: number;
}

/**
 * How much faster is a token, all in all? What is saved is reading; what is left is arithmetic. So the same saving is five
 * times on a processor that computes for half a second, and 26 times on a GPU that computes for 20 ms.
 *
 * Neurons are known only just before they are needed, so reading hides nothing here: the parts add up.
 *
 * @param loads From {@linkcode flashLoads}; the first is what the others are compared with.
 * @throws {RangeError} when a time is negative, or there is no load.
 * @example With what Apple reports besides reading: a CPU, and a GPU
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { flashTokens } from "@fewer-bytes/offload";
 *
 * const loads = ([["everything", 2.196], ["bundles", 0.105]] as const).map(([step, seconds]) => (
 *   { step, seconds, bytes: 0, chunk: undefined, throughput: 0 }
 * ));
 * const cpu = flashTokens(loads, { dense: 0.986, sparse: 0.506, management: 0.058 });
 * const gpu = flashTokens(loads, { dense: 0.022, sparse: 0.019, management: 0.035 });
 * assertAlmostEquals(cpu[1]!.speedup, 4.76, 0.01);
 * assertAlmostEquals(gpu[1]!.speedup, 13.9, 0.1); // 26 with the faster disk of that machine: 30 ms of reading
 * ```
 */
export function flashTokens(loads: readonly FlashLoad[], work: TokenWork): FlashToken[] {
  for (const [name, seconds] of Object.entries(work)) {
    requireAtLeast(seconds, 0, "time a token from flash", name);
  }
  if (loads.length === 0) {
    throw new RangeError("Cannot time a token from flash as there must be a load: there is none");
  }
  const first = loads[0]!.seconds + work.dense;
  return loads.map((load) => {
    const whole = load.step === "everything" || load.step === "half stays";
    const compute = whole ? work.dense : work.sparse;
    const management = whole ? 0 : work.management;
    const total = load.seconds + compute + management;
    return { ...load, compute, management, total, speedup: first / total };
  });
}

/**
 * How long does a device compute for a token, with all neurons and with the active ones? By the roofline, from memory that
 * holds what is needed.
 *
 * @param activity The share of neurons that is active.
 * @throws {RangeError} when a value is out of range.
 */
export function sparseWork(
  deployment: Deployment,
  context: Tokens,
  activity: number,
): Pick<TokenWork, "dense" | "sparse"> {
  const full = complete(deployment);
  const step = { phase: "decode", batch: 1, newTokens: 1, context } as const;
  const table = operators(full.model, step, operatorOptions(full));
  const active = { "feed-forward up": activity, "feed-forward down": activity };
  const time = (rows: typeof table) => stepTime(rows, full.hardware, full.efficiency).seconds;
  return { dense: time(table), sparse: time(skippedOperators(table, active, 1)) };
}
