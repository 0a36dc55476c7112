import { requireInteger, type Seconds } from "../../units/mod.ts";
import type { Requests } from "../../serving/mod.ts";

/**
 * Who serves what? Requests come to servers in turn; or, when the work of each is known, to the one that will be free
 * first: prompts can be sent so, as their length is known when they come, answers cannot.
 *
 * @param work Seconds of work of each request. Default: in turn.
 * @returns For each server, the numbers of its requests in their order.
 * @throws {RangeError} when there is no server.
 * @example A long one, and three short ones that go around it
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { route } from "@fewer-bytes/disaggregation";
 *
 * const arrival = Float64Array.of(0, 1, 2, 3);
 * assertEquals(route({ arrival }, 2), [[0, 2], [1, 3]]);
 * assertEquals(route({ arrival }, 2, Float64Array.of(9, 1, 1, 1)), [[0], [1, 2, 3]]);
 * ```
 */
export function route(
  { arrival }: Pick<Requests, "arrival">,
  servers: number,
  work?: Float64Array,
): number[][] {
  requireInteger(servers, 1, "route requests", "the number of servers");
  const taken = Array.from({ length: servers }, (): number[] => []);
  const free: Seconds[] = new Array(servers).fill(0);
  arrival.forEach((time, request) => {
    let server = request % servers;
    if (work) {
      const ready = free.map((end) => Math.max(end, time));
      server = ready.indexOf(Math.min(...ready));
      free[server] = ready[server]! + work[request]!;
    }
    taken[server]!.push(request);
  });
  return taken;
}

/** The columns of some of the requests, with other arrivals if given. What is shared or paused is left out. */
export function pick(
  { promptTokens, outputTokens, arrival }: Requests,
  numbers: readonly number[],
): Requests {
  return {
    arrival: Float64Array.from(numbers, (request) => arrival[request]!),
    promptTokens: Int32Array.from(numbers, (request) => promptTokens[request]!),
    outputTokens: Int32Array.from(numbers, (request) => outputTokens[request]!),
  };
}
