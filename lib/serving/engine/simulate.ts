import { resultOf, type ServingResult } from "../metrics/result.ts";
import { type ServingSetup, Simulation } from "./simulation.ts";

/**
 * What do users see, when many of them share one model on one server?
 *
 * A discrete-event simulation: requests arrive, a policy decides what each step computes, the roofline says how long the
 * step takes, and paged memory bounds who can run. Step times are those of chapter 01, a bound that nothing beats unless
 * the deployment has an efficiency; the simulator adds what only time shows: queues, stalls and bursts. The same setup
 * gives the same result.
 *
 * An overload ends as every simulation does, when all requests are served, and the result carries a warning.
 *
 * @throws {RangeError} when the model leaves no room for a cache, or a request needs more than all of it.
 * @throws {TypeError} when the columns of the requests do not belong together.
 * @example Continuous batching gives the first token much earlier than static batches
 * ```ts
 * import { assert } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import {
 *   continuousBatching,
 *   logNormalLengths,
 *   makeRequests,
 *   poissonArrivals,
 *   publicTraffic,
 *   simulate,
 *   staticBatching,
 * } from "@fewer-bytes/serving";
 *
 * const { prompt, output } = publicTraffic.azureConversation;
 * const requests = makeRequests({
 *   count: 300,
 *   arrivals: poissonArrivals(5),
 *   prompt: logNormalLengths(prompt),
 *   output: logNormalLengths(output),
 * });
 * const deployment = { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-a100-sxm-80gb") };
 * const together = simulate({ deployment, requests, policy: staticBatching({ batch: 16 }) });
 * const continuous = simulate({ deployment, requests, policy: continuousBatching() });
 * assert(continuous.timeToFirstToken.p50 < together.timeToFirstToken.p50 / 10);
 * assert(continuous.placeUtilization === 1 && together.placeUtilization < 0.6);
 * ```
 */
export function simulate(setup: ServingSetup): ServingResult {
  const simulation = new Simulation(setup);
  simulation.advance();
  return resultOf(simulation);
}

/** How far a simulation is. */
export interface Progress {
  readonly finished: number;
  readonly requests: number;
  /** The clock of the simulated server. */
  readonly time: number;
}

/**
 * The same in slices, for long simulations: between them a notebook or a page can draw how far it is, and stop waiting.
 *
 * @param setup As for {@linkcode simulate}.
 * @param report Called about a hundred times; what it returns is awaited.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { continuousBatching, requests, simulateWithProgress } from "@fewer-bytes/serving";
 *
 * let last = 0;
 * await simulateWithProgress({
 *   deployment: { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") },
 *   requests: requests([{ arrival: 0, promptTokens: 10, outputTokens: 2 }]),
 *   policy: continuousBatching(),
 * }, ({ finished, requests }) => {
 *   last = finished / requests;
 * });
 * assertEquals(last, 1);
 * ```
 */
export async function simulateWithProgress(
  setup: ServingSetup,
  report: (progress: Progress) => void | Promise<void>,
): Promise<ServingResult> {
  const simulation = new Simulation(setup);
  const requests = setup.requests.arrival.length;
  const slice = Math.ceil(requests / 100);
  let more = true;
  while (more) {
    more = simulation.advance(slice);
    await report({ finished: simulation.finished, requests, time: simulation.server.now });
    await new Promise((resolve) => setTimeout(resolve));
  }
  return resultOf(simulation);
}

/**
 * A line of text for {@linkcode simulateWithProgress}: a bar, and numbers beside it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { progressBar } from "@fewer-bytes/serving";
 *
 * assertEquals(progressBar({ finished: 1, requests: 4, time: 0 }, 8), "[██░░░░░░] 25 % of 4 requests");
 * ```
 */
export function progressBar({ finished, requests }: Progress, width = 40): string {
  const full = Math.round(width * finished / requests);
  const percent = Math.floor(100 * finished / requests);
  return `[${"█".repeat(full)}${"░".repeat(width - full)}] ${percent} % of ${
    requests.toLocaleString("en-US")
  } requests`;
}
