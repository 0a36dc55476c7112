import type { Random } from "../../numeric/mod.ts";
import { requireShares } from "./pick_chances.ts";

/**
 * Draws the k different experts of one token after another, popular ones more often: the first by its share, the next by its
 * share among the rest, and so on. This is what a router does whose logits are the logarithms of the shares plus Gumbel
 * noise; so it is drawn by racing clocks: each expert rings after an exponential time of its own rate, and the first k count.
 *
 * @param shares How popular each expert is, in any unit; zipfShares() of lib/paging makes some.
 * @returns A function that gives the next token's experts.
 * @throws {RangeError} when a share is negative, or fewer than k are above zero.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { drawExperts } from "@fewer-bytes/experts";
 * import { seeded } from "@fewer-bytes/numeric";
 *
 * const random = seeded(1);
 * const draw = drawExperts([100, 1, 1, 1], 2, random);
 * const firsts = Array.from({ length: 50 }, () => draw()[0]);
 * assertEquals(firsts.filter((expert) => expert === 0).length > 40, true);
 * ```
 */
export function drawExperts(
  shares: ArrayLike<number>,
  expertsPerToken: number,
  random: Random,
): () => number[] {
  const rates = requireShares(shares, expertsPerToken, "draw experts");
  return () => {
    const experts: number[] = [], times: number[] = [];
    rates.forEach((rate, expert) => {
      const time = -Math.log1p(-random.uniform()) / rate;
      if (experts.length === expertsPerToken && !(time < times.at(-1)!)) return;
      let place = experts.length;
      while (place > 0 && times[place - 1]! > time) place--;
      experts.splice(place, 0, expert);
      times.splice(place, 0, time);
      if (experts.length > expertsPerToken) {
        experts.pop();
        times.pop();
      }
    });
    return experts;
  };
}

/**
 * Lets each draw repeat the one before with some chance, and be new otherwise: tokens that follow each other resemble each
 * other, and popularity alone does not know that.
 *
 * @param repeat The chance, from 0 to below 1.
 */
export function repeatDraws<Draw>(draw: () => Draw, repeat: number, random: Random): () => Draw {
  requireRepeat(repeat, "repeat draws");
  let last: Draw | undefined;
  return () => last = last !== undefined && random.uniform() < repeat ? last : draw();
}

/** Refuses what is no chance to repeat. */
export function requireRepeat(repeat: number, action: string): void {
  if (!(repeat >= 0 && repeat < 1)) {
    throw new RangeError(
      `Cannot ${action} as the chance must be at least 0 and below 1: current value is ${repeat}`,
    );
  }
}
