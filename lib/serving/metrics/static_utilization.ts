import { requireInteger, type Tokens } from "../../units/mod.ts";

/**
 * How much of a static batch is computed for nothing? Every place is kept until the longest answer is complete, so the
 * useful share is mean over longest: Σ lengths / Σ (places · longest of the batch).
 *
 * @param outputTokens The lengths of the answers, in the order in which batches take them.
 * @param batch Places of a batch; the last one may be smaller.
 * @returns From 0 to 1.
 * @throws {RangeError} when the batch is not a whole number from 1, or there is no answer.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { staticUtilization } from "@fewer-bytes/serving";
 *
 * assertEquals(staticUtilization([10, 30, 20, 20], 2), 80 / 100);
 * ```
 */
export function staticUtilization(outputTokens: ArrayLike<Tokens>, batch: number): number {
  requireInteger(batch, 1, "find the utilization", "the batch");
  requireInteger(outputTokens.length, 1, "find the utilization", "the number of answers");
  let useful = 0, places = 0;
  for (let start = 0; start < outputTokens.length; start += batch) {
    const end = Math.min(start + batch, outputTokens.length);
    let longest = 0;
    for (let request = start; request < end; request++) {
      const tokens = outputTokens[request]!;
      useful += tokens;
      longest = Math.max(longest, tokens);
    }
    places += (end - start) * longest;
  }
  return useful / places;
}
