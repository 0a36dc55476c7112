import type { Model } from "../../catalog/mod.ts";
import { expectedDistinctExperts, type Operator } from "../../transformer/mod.ts";
import type { Tokens } from "../../units/mod.ts";
import { distinctExperts } from "./distinct_experts.ts";
import { expertLayers } from "./expert_layers.ts";
import { popularChances } from "./popularity.ts";

/**
 * The same table of operators, when some experts are more popular: the rows named "experts" read fewer weights, and all else
 * stays. So skew composes with whatever else was done to the table.
 *
 * @param tokens All tokens of the step that the table was made for.
 * @param exponent Of Zipf's law.
 * @throws {TypeError} when the table has not one row of experts for each group of layers that has them.
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { withPopularity } from "@fewer-bytes/experts";
 * import { operators, sumOperators } from "@fewer-bytes/transformer";
 *
 * const model = findModel("qwen3-30b-a3b");
 * const even = operators(model, { phase: "decode", batch: 16, newTokens: 1, context: 1000 });
 * const [before, after] = [even, withPopularity(even, model, 16, 1)].map(sumOperators);
 * assert(after!.bytes.weights < 0.8 * before!.bytes.weights && after!.flops === before!.flops);
 * ```
 */
export function withPopularity(
  table: readonly Operator[],
  model: Model,
  tokens: Tokens,
  exponent: number,
): Operator[] {
  const layers = expertLayers(model);
  const rows = table.filter(isExperts).length;
  if (rows !== layers.length) {
    throw new TypeError(
      `Cannot make experts popular as the table must have ${layers.length} rows of experts: current number is ${rows}`,
    );
  }
  let next = 0;
  return table.map((row) => {
    if (!isExperts(row)) return row;
    const { network } = layers[next++]!;
    const even = expectedDistinctExperts(network.experts, network.expertsPerToken, tokens);
    const share = distinctExperts(popularChances(network, exponent), tokens) / even;
    return { ...row, bytes: { ...row.bytes, weights: row.bytes.weights * share } };
  });
}

/** Whether a row of the table is that of the experts which the router picks. */
export function isExperts({ name }: Pick<Operator, "name">): boolean {
  return name === "experts";
}
