import type { Random } from "../../numeric/mod.ts";
import { draw, type Law, requireLaws } from "./distribution.ts";

/**
 * What is drawn after a refusal? The target's law where it exceeds the draft's, scaled to a sum of 1. Accepted drafts
 * already gave each token min(p, q) of its chance; this gives the rest.
 *
 * @returns The target's law itself when the two are equal: then nothing is ever refused.
 * @throws {TypeError} when their lengths differ.
 * @throws {RangeError} when one is no law.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { residual } from "@fewer-bytes/decoding";
 *
 * assertEquals([...residual([0.5, 0.25, 0.25], [0.25, 0.75, 0])], [0.5, 0, 0.5]);
 * ```
 */
export function residual(target: Law, draft: Law): Float64Array {
  requireLaws(target, draft, "find a residual");
  return rest(target, draft);
}

/** The residual of two laws that are known to be some. */
function rest(target: Law, draft: Law): Float64Array {
  const left = new Float64Array(target.length);
  let sum = 0;
  for (let token = 0; token < left.length; token++) {
    sum += left[token] = Math.max(0, target[token]! - draft[token]!);
  }
  return sum > 0 ? left.map((chance) => chance / sum) : Float64Array.from(target);
}

/** What became of a drafted token. */
export interface Coupled {
  /** The token that the sequence gets. */
  readonly token: number;
  /** Whether it is the drafted one. */
  readonly accepted: boolean;
}

/**
 * Turns a token that was drawn from the draft's law into one that is drawn from the target's, and keeps it whenever it can:
 * the maximal coupling of the two laws.
 *
 * A draft that is no likelier than the target wants is accepted; a likelier one with chance p/q. After a refusal the
 * token comes from the {@linkcode residual}. That the result follows the target exactly is proved by enumeration in
 * {@linkcode outputLaw}.
 *
 * Source: Leviathan, Kalman and Matias, "Fast Inference from Transformers via Speculative Decoding" (2023), algorithm 1;
 * Chen et al., "Accelerating Large Language Model Decoding with Speculative Sampling" (2023), algorithm 2.
 *
 * @param drafted A token drawn from `draft`.
 * @throws {RangeError} when one is no law, or the drafted token has no chance in the draft.
 * @throws {TypeError} when the laws have different lengths.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { couple } from "@fewer-bytes/decoding";
 *
 * const [target, draft] = [[0.5, 0.5, 0], [0, 0.5, 0.5]];
 * assertEquals(couple(1, target, draft, seeded(1)), { token: 1, accepted: true });
 * assertEquals(couple(2, target, draft, seeded(1)), { token: 0, accepted: false });
 * ```
 */
export function couple(drafted: number, target: Law, draft: Law, random: Random): Coupled {
  requireLaws(target, draft, "couple two laws");
  const q = draft[drafted];
  if (!(q! > 0)) {
    throw new RangeError(
      `Cannot couple two laws as the drafted token must have a chance in the draft: current value is ${q} for token ${drafted}`,
    );
  }
  if (random.uniform() * q! < target[drafted]!) return { token: drafted, accepted: true };
  return { token: draw(rest(target, draft), random), accepted: false };
}
