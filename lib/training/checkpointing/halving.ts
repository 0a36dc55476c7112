import { type Operation, requireChain, type Stage } from "./chain.ts";

/**
 * How little memory is enough? Keep the middle, reverse the second half in the same way, then the first: some log₂ n inputs
 * and one tape, for at most n·log₂ n forward steps. The other end of the bargain that √n strikes.
 *
 * Source: Chen et al., "Training Deep Nets with Sublinear Memory Cost" (2016), section 4.4, with one checkpoint at a time.
 *
 * @returns The operations, for {@linkcode replay}.
 * @throws {RangeError} when the chain has no stage.
 * @example A thousand stages in the memory of eleven
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { halvingSchedule, replay, uniformChain } from "@fewer-bytes/training";
 *
 * const chain = uniformChain(1024);
 * const { peak, forwards } = replay(chain, halvingSchedule(chain));
 * assertEquals(peak, 11);
 * assertEquals(forwards.reduce((sum, times) => sum + times) / 1024, 6); // on average; 1 would be the least
 * ```
 */
export function halvingSchedule(chain: readonly Stage[]): Operation[] {
  requireChain(chain, "halve a chain");
  const operations: Operation[] = [];
  const reverse = (from: number, to: number) => {
    if (to - from === 1) {
      operations.push({ do: "tape", stage: from }, { do: "backward", stage: from });
      return;
    }
    const middle = (from + to) >> 1;
    for (let stage = from; stage < middle; stage++) operations.push({ do: "forward", stage });
    operations.push({ do: "keep", stage: middle });
    reverse(middle, to);
    reverse(from, middle);
  };
  reverse(0, chain.length);
  return operations;
}
