import type { Layers, Model } from "../../catalog/mod.ts";
import { adapterParameters } from "../../quantization/mod.ts";
import {
  attentionProjections,
  feedForwardProjections,
  type Projection,
} from "../../transformer/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/** Which matrices get an adapter, and how wide it is. */
export interface Adapters {
  readonly rank: number;
  /** Names of matrices: queries, keys, values, output, gate, up, down. Default: queries and values, as in the paper. */
  readonly matrices?: readonly string[];
}

/** What adapters add to a model. */
export interface AdapterCount {
  /** Numbers that are trained. */
  readonly trained: number;
  /** Adapters in all layers and experts. */
  readonly adapters: number;
  /** Of a token: values between the two matrices of each adapter that it passes, in all layers. */
  readonly inner: number;
}

/**
 * How many numbers does LoRA train in a model? Beside each chosen matrix, `rank · (inputs + outputs)`; each expert has
 * matrices and so adapters of its own.
 *
 * @throws {RangeError} when no matrix of the model has one of the names, or the rank is no whole number from 1.
 * @example GPT-3 with rank 4 on queries and values: 18.9 million of 175 billion, a file of 35 MB (of 2²⁰)
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { findModel } from "@fewer-bytes/catalog";
 * import { countAdapters } from "@fewer-bytes/training";
 *
 * const { trained } = countAdapters(findModel("gpt-3-175b"), { rank: 4 });
 * assertEquals(trained, 18_874_368);
 * assertEquals(2 * trained / 2 ** 20, 36);
 * ```
 */
export function countAdapters(
  model: Model,
  { rank, matrices = ["queries", "values"] }: Adapters,
): AdapterCount {
  requireInteger(rank, 1, "count adapters", "the rank");
  const known = new Set<string>();
  let trained = 0, adapters = 0, inner = 0;
  for (const group of model.layers) {
    for (const { projection, copies, passed } of matricesOf(model, group)) {
      known.add(projection.name);
      if (!matrices.includes(projection.name)) continue;
      const { outputs, inputs } = projection;
      trained += group.count * copies * adapterParameters(outputs, inputs, rank);
      adapters += group.count * copies;
      inner += group.count * passed * rank;
    }
  }
  const unknown = matrices.find((name) => !known.has(name));
  if (unknown !== undefined || matrices.length === 0) {
    throw new RangeError(
      `Cannot count adapters as each matrix must be one of ${
        [...known].join(", ")
      }: current value is ${JSON.stringify(unknown ?? matrices)}`,
    );
  }
  return { trained, adapters, inner };
}

/** The matrices of a layer, how many copies there are of each, and how many of these a token passes. */
function matricesOf(
  model: Model,
  { attention, feedForward: network }: Layers,
): { projection: Projection; copies: number; passed: number }[] {
  const { hiddenSize } = model;
  const [copies, passed] = network.kind === "experts"
    ? [network.experts, network.expertsPerToken]
    : [1, 1];
  const shared = network.kind === "experts" ? network.sharedIntermediateSize : 0;
  const wide = (width: number) => feedForwardProjections(hiddenSize, width, network.gated);
  const times = (copies: number, passed: number) => (projection: Projection) => ({
    projection,
    copies,
    passed,
  });
  return [
    ...attentionProjections(model, attention).map(times(1, 1)),
    ...wide(network.intermediateSize).map(times(copies, passed)),
    ...(shared ? wide(shared).map(times(1, 1)) : []),
  ];
}
