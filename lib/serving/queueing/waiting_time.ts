import { formula } from "../../numeric/mod.ts";
import { requireAtLeast, requirePositive, type Seconds } from "../../units/mod.ts";

const wait = "mean seconds in the queue, before service begins";
const load = "arrivals per second times seconds of service";

/** The mean wait in front of one server, as it is printed and computed. */
export const pollaczekKhinchineFormula = formula(
  "wait = rate * squaredService / (2 * (1 - rate * service))",
  {
    wait,
    rate: "arrivals per second",
    service: "mean seconds of service",
    squaredService: "mean of the squared seconds of service",
  },
);

/** The same when every service takes equally long. */
export const fixedServiceFormula = formula("wait = load * service / (2 * (1 - load))", {
  wait,
  load,
  service: "seconds of service",
});

/** The mean wait with bursts, nearly. */
export const kingmanFormula = formula(
  "wait = load * service / (1 - load) * (gapVariation ^ 2 + serviceVariation ^ 2) / 2",
  {
    wait: `${wait}, nearly`,
    load,
    service: "mean seconds of service",
    gapVariation: "deviation over mean of the gaps between arrivals",
    serviceVariation: "deviation over mean of the service",
  },
);

/** How long services take. */
export interface Service {
  readonly mean: Seconds;
  /** Deviation over mean. Default 0: all equal. */
  readonly variation?: number;
}

/**
 * How long does a request wait in front of one server that takes one after the other (M/G/1)? Not only the load counts
 * but also how much services differ: behind a long prompt all short ones wait.
 *
 * Pollaczek and Khinchine: λ E[S²] / 2(1 − ρ), with Poisson arrivals. Equal services (M/D/1) wait half as long as
 * exponential ones. DistServe plans its prefill servers with this formula.
 *
 * @param rate Arrivals per second.
 * @returns Seconds in the queue; the service comes on top.
 * @throws {RangeError} when the load is 1 or more: then the queue grows without end, and there is no mean.
 * @example At a load of one half, the mean wait is half a service
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { meanWait } from "@fewer-bytes/serving";
 *
 * assertEquals(meanWait(5, { mean: 0.1 }), 0.05);
 * assertEquals(meanWait(5, { mean: 0.1, variation: 1 }), 0.1);
 * ```
 */
export function meanWait(rate: number, { mean, variation = 0 }: Service): Seconds {
  const load = requireStable(rate, mean);
  requireAtLeast(variation, 0, "find the mean wait", "the variation");
  return load * mean * (1 + variation ** 2) / (2 * (1 - load));
}

/**
 * The same with arrivals that are not a Poisson process: Kingman's approximation, exact for Poisson arrivals and good
 * when the load is high.
 *
 * Source: Kingman, "The single server queue in heavy traffic" (1961).
 *
 * @param variation Deviation over mean of the gaps between arrivals.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { meanWait, meanWaitWithBursts } from "@fewer-bytes/serving";
 *
 * assertEquals(meanWaitWithBursts(5, 1, { mean: 0.1 }), meanWait(5, { mean: 0.1 }));
 * assertEquals(meanWaitWithBursts(5, 2, { mean: 0.1 }), 4 * meanWait(5, { mean: 0.1 }));
 * ```
 */
export function meanWaitWithBursts(rate: number, variation: number, service: Service): Seconds {
  const load = requireStable(rate, service.mean);
  requireAtLeast(variation, 0, "find the mean wait", "the variation of arrivals");
  const squares = variation ** 2 + (service.variation ?? 0) ** 2;
  return load / (1 - load) * squares / 2 * service.mean;
}

function requireStable(rate: number, mean: Seconds): number {
  requireAtLeast(rate, 0, "find the mean wait", "the rate");
  requirePositive(mean, "find the mean wait", "the mean service");
  const load = rate * mean;
  if (load >= 1) {
    throw new RangeError(
      `Cannot find the mean wait as the load must be < 1, or the queue grows without end: current value is ${load}`,
    );
  }
  return load;
}

/**
 * Little's law: how many are in a system, when so many arrive in a second and each stays so long.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { littlesLaw } from "@fewer-bytes/serving";
 *
 * assertEquals(littlesLaw(5, 4), 20); // 5 a second, each stays 4 s: 20 are there
 * ```
 */
export function littlesLaw(rate: number, seconds: Seconds): number {
  requireAtLeast(rate, 0, "apply Little's law", "the rate");
  requireAtLeast(seconds, 0, "apply Little's law", "the time in the system");
  return rate * seconds;
}
