import { formula } from "../../numeric/mod.ts";
import { type Law, requireLaws } from "./distribution.ts";

/** How likely a drafted token is accepted, as it is printed and computed. */
export const acceptChanceFormula = formula("accept = min(1, p / q)", {
  accept: "chance that this drafted token is accepted",
  p: "chance that the target gives it",
  q: "chance that the draft gave it",
});

/** Acceptance and distance, as printed and computed. */
export const acceptanceFormula = formula("acceptance = 1 - distance", {
  acceptance: "chance that a drafted token is accepted, whichever it is",
  distance: "total variation distance of target and draft",
});

/**
 * How far apart are two laws? The most by which they can disagree about any set of tokens: half of what their chances
 * differ in all. 0 when they are equal, 1 when no token is possible in both.
 *
 * @throws {TypeError} when their lengths differ.
 * @throws {RangeError} when one is no law.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { totalVariation } from "@fewer-bytes/decoding";
 *
 * assertEquals(totalVariation([0.5, 0.5, 0], [0.25, 0.25, 0.5]), 0.5);
 * ```
 */
export function totalVariation(target: Law, draft: Law): number {
  requireLaws(target, draft, "compare two laws");
  let sum = 0;
  for (let token = 0; token < target.length; token++) {
    sum += Math.abs(target[token]! - draft[token]!);
  }
  return sum / 2;
}

/**
 * How likely is it that a drafted token is accepted? The draft gives a token with chance q, the target accepts it with
 * min(1, p/q): together min(p, q), summed over all tokens. That is one minus the total variation distance, and no way of
 * drawing from both laws makes them agree more often.
 *
 * @throws {TypeError} when their lengths differ.
 * @throws {RangeError} when one is no law.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { acceptance } from "@fewer-bytes/decoding";
 *
 * assertEquals(acceptance([0.5, 0.5, 0], [0.25, 0.25, 0.5]), 0.5);
 * ```
 */
export function acceptance(target: Law, draft: Law): number {
  requireLaws(target, draft, "compare two laws");
  let sum = 0;
  for (let token = 0; token < target.length; token++) {
    sum += Math.min(target[token]!, draft[token]!);
  }
  return sum;
}
