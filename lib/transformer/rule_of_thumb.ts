import type { Model } from "../catalog/mod.ts";
import type { Bytes, Flop, Tokens } from "../units/mod.ts";
import { cacheBytes } from "./cache.ts";
import { parameters } from "./parameters.ts";

/**
 * What does one more token cost, on the back of an envelope?
 *
 * Two operations and two bytes for every active parameter, plus the cache read once and its attention. It is the
 * textbook's estimate and good to some percent: it also counts the embedding table, which is looked up and not
 * multiplied. For Qwen3-8B at 38,000 tokens it says 22.0 GB and 38.8 GFLOP; the operator table says what really moves.
 */
export function ruleOfThumb(model: Model, context: Tokens): { flops: Flop; bytes: Bytes } {
  const { active } = parameters(model);
  const attention = model.layers.reduce((sum, { count, attention }) => {
    const width = attention.kind === "heads"
      ? 2 * attention.headDimension
      : attention.keyDimension + attention.rotaryDimension + attention.valueDimension;
    const seen = Math.min(
      context,
      attention.kind === "heads" ? attention.window ?? Infinity : Infinity,
    );
    return sum + count * 2 * attention.queryHeads * width * seen;
  }, 0);
  return { flops: 2 * active + attention, bytes: 2 * active + cacheBytes(model, context) };
}
