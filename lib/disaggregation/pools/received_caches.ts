import { admitWithin, type BatchLimits, completeLimits, type Policy } from "../../serving/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/**
 * What a server of the decode pool does: it lets in requests whose cache has come over the link, and decodes everybody in
 * each step. No prompt is ever read here, so no step is long.
 *
 * A request comes with its prompt cached and its first token given, so its answer has at least two. When room is short, the
 * last who came goes to the host with its cache and comes back later, as in DistServe.
 *
 * @param limits The most requests at once, and the room that is taken at the door; as for the policies of chapter 12.
 * @throws {RangeError} when a limit is out of range; and in a simulation, when an answer is complete before it comes.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { receivedCaches } from "@fewer-bytes/disaggregation";
 *
 * assertEquals(receivedCaches({ batch: 64 }).name, "decode only");
 * ```
 */
export function receivedCaches(limits: Omit<BatchLimits, "promptTokens"> = {}): Policy {
  const full = completeLimits(limits);
  return {
    name: "decode only",
    plan(server) {
      while (server.waiting.length > 0 && server.runningCount < full.batch) {
        const request = server.waiting.at(0);
        if (server.generated[request] === 0) {
          requireInteger(
            server.requests.outputTokens[request]!,
            2,
            "decode",
            `the answer of request ${request}`,
          );
          server.generated[request] = 1;
          server.cached[request] = server.requests.promptTokens[request]!;
        }
        if (admitWithin(server, full) < 0) break;
      }
      if (server.runningCount > 0) server.decodeAll("swap");
    },
  };
}
