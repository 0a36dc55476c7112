import { residual } from "./couple.ts";
import { type Law, requireLaw, requireLaws } from "./distribution.ts";

/**
 * Which law do tokens follow that were drafted, then accepted or replaced? Every path is followed: each token that may be
 * drafted, accepted or not, and each that may replace it. No chance is involved, so the answer is exact.
 *
 * @param afterRefusal The law that replaces refused tokens. Default: the residual, and only with it the result is the
 *   target's law. Drawing from the target again, say, favors what both laws like.
 * @throws {TypeError} when the laws have different lengths.
 * @throws {RangeError} when one is no law.
 * @example
 * ```ts
 * import { assertAlmostEquals, assertEquals } from "@std/assert";
 * import { outputLaw } from "@fewer-bytes/decoding";
 *
 * const [target, draft] = [[0.5, 0.25, 0.25], [0.25, 0.75, 0]];
 * assertEquals([...outputLaw(target, draft)], target);
 * assertAlmostEquals(outputLaw(target, draft, target)[1]!, 0.25 + 0.5 * 0.25); // too often
 * ```
 */
export function outputLaw(
  target: Law,
  draft: Law,
  afterRefusal: Law = residual(target, draft),
): Float64Array {
  requireLaws(target, draft, "enumerate a coupling");
  requireLaw(afterRefusal, "enumerate a coupling", "the replacement");
  const law = new Float64Array(target.length);
  for (let drafted = 0; drafted < draft.length; drafted++) {
    const q = draft[drafted]!;
    if (q === 0) continue;
    const accept = Math.min(1, target[drafted]! / q);
    law[drafted]! += q * accept;
    for (let token = 0; token < law.length; token++) {
      law[token]! += q * (1 - accept) * afterRefusal[token]!;
    }
  }
  return law;
}
