import { checkRequests, type Policy, type Requests } from "../../serving/mod.ts";
import { gather, type PooledResult } from "./gather.ts";
import { costOf, type Pool, promptWork, serversOf } from "./pool.ts";
import { pick, route } from "./route.ts";

/**
 * The other way to use as many servers: each does everything, and requests are shared out among them. What two pools must
 * be compared with, at the same number of devices and with the same router.
 *
 * @throws {RangeError} when the number of servers is not a whole number from 1, or a request does not fit.
 * @example One replica is the simulator of chapter 12
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findHardware, findModel } from "@fewer-bytes/catalog";
 * import { simulateReplicas } from "@fewer-bytes/disaggregation";
 * import { chunkedPrefill, requests, simulate } from "@fewer-bytes/serving";
 *
 * const deployment = { model: findModel("llama-3.1-8b"), hardware: findHardware("nvidia-h100-sxm") };
 * const two = requests([
 *   { arrival: 0, promptTokens: 1000, outputTokens: 50 },
 *   { arrival: 0.05, promptTokens: 3000, outputTokens: 50 },
 * ]);
 * const one = simulateReplicas({ deployment, servers: 1, policy: () => chunkedPrefill(), requests: two });
 * const { latency } = simulate({ deployment, policy: chunkedPrefill(), requests: two });
 * assertEquals(one.latency, latency);
 * ```
 */
export function simulateReplicas(
  setup: Pool & { readonly policy: () => Policy; readonly requests: Requests },
): PooledResult {
  const requests = checkRequests(setup.requests);
  const cost = costOf(setup);
  const shares = route(requests, setup.servers, promptWork(cost, requests))
    .filter((share) => share.length > 0);
  const parts = shares.map((share) => pick(requests, share));
  const { simulations, gaps } = serversOf(cost, setup, setup.policy, parts);
  for (const simulation of simulations) simulation.advance();
  const first = new Float64Array(requests.arrival.length);
  const finished = first.slice();
  shares.forEach((share, at) =>
    share.forEach((request, place) => {
      first[request] = simulations[at]!.recorder.first[place]!;
      finished[request] = simulations[at]!.recorder.finished[place]!;
    })
  );
  return gather(
    `${setup.servers} x ${simulations[0]!.policy.name}`,
    requests,
    { first, finished },
    [{ name: "replicas", servers: setup.servers, simulations }],
    gaps,
  );
}
