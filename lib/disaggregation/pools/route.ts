import { requireInteger } from "../../units/mod.ts";
import type { Requests } from "../../serving/mod.ts";

/**
 * Who serves what? Requests come to servers in turn; or, when the work of each is known, to the one that will be free
 * first: prompts can be sent so, as their length is known when they come, answers cannot.
 *
 * Among servers that are free alike, it is the turn of the one that got its last request longest ago. That matters: a
 * server that is done with all of its prompts may still have a hundred answers to write, so "the first one that is free"
 * would send nearly all answers to one server while the others have none.
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
 * assertEquals(route({ arrival }, 2, Float64Array.of(0.5, 0.5, 0.5, 0.5)), [[0, 2], [1, 3]]); // both are free
 * ```
 */
export function route(
  { arrival }: Pick<Requests, "arrival">,
  servers: number,
  work?: Float64Array,
): number[][] {
  requireInteger(servers, 1, "route requests", "the number of servers");
  const taken = Array.from({ length: servers }, (): number[] => []);
  const free = new Float64Array(servers);
  arrival.forEach((time, request) => {
    let next = 0;
    for (let server = 1; server < servers; server++) {
      const sooner = Math.max(free[server]!, time) - Math.max(free[next]!, time);
      const idleLonger = (taken[server]!.at(-1) ?? -1) < (taken[next]!.at(-1) ?? -1);
      if (sooner < 0 || (sooner === 0 && idleLonger)) next = server;
    }
    free[next] = Math.max(free[next]!, time) + (work?.[request] ?? 0);
    taken[next]!.push(request);
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
