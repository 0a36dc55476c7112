import { Matrix, type Random } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import type { AttentionInputs } from "../flash/attention_inputs.ts";

/** An attention with known stripes. */
export interface Stripes {
  readonly tokens: number;
  readonly width: number;
  /** Tokens that everybody looks at: vertical stripes. */
  readonly keys?: readonly number[];
  /** Distances that everybody looks back: slashes. */
  readonly distances?: readonly number[];
  /** How much a stripe's score stands out, in units of the noise's deviation. Default 6. */
  readonly strength?: number;
}

/**
 * Makes queries and keys whose scores are noise with stripes: what attention maps of language models are mostly made of. One
 * direction is shared by all queries and the vertical stripes' keys; for slashes, each token has a direction of its own, and
 * a query points to those of the tokens at the given distances.
 *
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { seeded } from "@fewer-bytes/numeric";
 * import { softmaxWeights, stripedInputs } from "@fewer-bytes/attention";
 *
 * const inputs = stripedInputs({ tokens: 64, width: 64, keys: [10], strength: 12 }, seeded(1));
 * assert(softmaxWeights(inputs, { causal: true }).get(63, 10) > 0.9);
 * ```
 */
export function stripedInputs(
  { tokens, width, keys: stripes = [], distances = [], strength = 6 }: Stripes,
  random: Random,
): AttentionInputs<Float64Array> {
  requireInteger(tokens, 1, "make stripes", "tokens");
  requireInteger(width, 1, "make stripes", "width");
  const normal = () =>
    new Matrix(tokens, width, Float64Array.from({ length: tokens * width }, () => random.normal()));
  const [queries, keys, values] = [normal(), normal(), normal()];
  const shared = Float64Array.from({ length: width }, () => random.normal());
  const own = normal();
  // A score is q · k / √width; a part c of a direction u in both adds c² u · u / √width, and u · u is about the width.
  const part = Math.sqrt(strength / Math.sqrt(width));
  for (let token = 0; token < tokens; token++) {
    for (let x = 0; x < width; x++) {
      const at = token * width + x;
      if (stripes.length > 0) queries.data[at]! += part * shared[x]!;
      if (stripes.includes(token)) keys.data[at]! += part * shared[x]!;
      if (distances.length > 0) keys.data[at]! += part * own.data[at]!;
      for (const distance of distances) {
        if (token >= distance) queries.data[at]! += part * own.data[at - distance * width]!;
      }
    }
  }
  return { queries, keys, values };
}
