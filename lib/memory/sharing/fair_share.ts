import { type BytesPerSecond, requireAtLeast, requirePositive } from "../../units/mod.ts";

/**
 * How is the bandwidth of a card shared by those who read it at once? Fairly (max-min): who wants less than an equal part
 * gets all it wants, and the others share what is left alike.
 *
 * @param bandwidth Of the card or link.
 * @param demands What each would read, if it were alone. Infinity for one that takes all it gets.
 * @returns What each gets, in the same order.
 * @throws {RangeError} when the bandwidth is not above zero or a demand is negative.
 * @example A processor and two GPUs on one card of 48 GB/s
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { fairShares } from "@fewer-bytes/memory";
 *
 * assertEquals(fairShares(48e9, [8e9, 26e9, 26e9]), [8e9, 20e9, 20e9]);
 * ```
 */
export function fairShares(
  bandwidth: BytesPerSecond,
  demands: readonly BytesPerSecond[],
): BytesPerSecond[] {
  requirePositive(bandwidth, "share a bandwidth", "the bandwidth");
  for (const demand of demands) {
    if (demand !== Infinity) requireAtLeast(demand, 0, "share a bandwidth", "a demand");
  }
  const order = demands.map((_, index) => index).sort((a, b) => demands[a]! - demands[b]!);
  const given = demands.map(() => 0);
  let left = bandwidth;
  order.forEach((reader, served) => {
    given[reader] = Math.min(demands[reader]!, left / (demands.length - served));
    left -= given[reader]!;
  });
  return given;
}

/**
 * What do readers get from several cards? Interleaved, every reader takes an equal part from each card, so all share the sum
 * of the cards; apart, reader i has card i mod n.
 *
 * @param cards Bandwidths of equal or unequal cards.
 * @param readers What each would read, if it were alone.
 * @param layout Whether pages are spread over all cards. Default "interleaved".
 * @throws {RangeError} when there is no card, or a value is out of range.
 * @example Two GPUs that each want 26 GB/s: one card, two cards
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { cardRates } from "@fewer-bytes/memory";
 *
 * assertEquals(cardRates([32e9], [26e9, 26e9]), [16e9, 16e9]);
 * assertEquals(cardRates([32e9, 32e9], [26e9, 26e9]), [26e9, 26e9]);
 * ```
 */
export function cardRates(
  cards: readonly BytesPerSecond[],
  readers: readonly BytesPerSecond[],
  layout: "interleaved" | "apart" = "interleaved",
): BytesPerSecond[] {
  if (cards.length === 0) {
    throw new RangeError("Cannot share cards as there must be one: current value is 0 cards");
  }
  if (layout === "interleaved") {
    for (const card of cards) requirePositive(card, "share cards", "the bandwidth of a card");
    return fairShares(Math.min(...cards) * cards.length, readers);
  }
  const given = readers.map(() => 0);
  cards.forEach((card, index) => {
    const own = readers.flatMap((_, reader) => reader % cards.length === index ? [reader] : []);
    fairShares(card, own.map((reader) => readers[reader]!))
      .forEach((rate, place) => given[own[place]!] = rate);
  });
  return given;
}
