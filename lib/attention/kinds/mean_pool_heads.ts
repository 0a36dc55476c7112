import type { LanguageModel, Weight } from "../../lm/mod.ts";
import { requireInteger } from "../../units/mod.ts";

/**
 * How are the key or value heads of a weight matrix made fewer? Each group of neighboring heads becomes their mean.
 *
 * @param heads How many heads the outputs are.
 * @param kept How many are left, a divisor of the heads.
 * @throws {RangeError} when the heads cannot be split evenly into groups.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { meanPoolHeads } from "@fewer-bytes/attention";
 *
 * const keys = { name: "keys", outputs: 2, inputs: 2, data: Float32Array.from([1, 2, 3, 6]) };
 * assertEquals([...meanPoolHeads(keys, 2, 1).data], [2, 4]);
 * ```
 */
export function meanPoolHeads(weight: Weight, heads: number, kept: number): Weight {
  requireInteger(kept, 1, "pool heads", "the number of heads kept");
  requireInteger(heads, kept, "pool heads", "the number of heads");
  const { outputs, inputs, data } = weight;
  if (heads % kept !== 0 || outputs % heads !== 0) {
    throw new RangeError(
      `Cannot pool heads as the heads kept must divide the heads, and the heads the outputs: current values are ${kept}, ${heads} and ${outputs}`,
    );
  }
  const group = heads / kept;
  const size = outputs / heads * inputs; // numbers of one head
  const pooled = new Float32Array(kept * size);
  for (let head = 0; head < kept; head++) {
    for (let i = 0; i < size; i++) {
      let sum = 0;
      for (let member = 0; member < group; member++) {
        sum += data[(head * group + member) * size + i]!;
      }
      pooled[head * size + i] = sum / group;
    }
  }
  return { ...weight, outputs: outputs / group, data: pooled };
}

/**
 * What becomes of a model when its key-value heads are pooled into fewer, and nothing is trained?
 *
 * The cache shrinks by the ratio of heads. The function stays the same only where the heads of a group were equal; else it
 * changes, and so does perplexity. Ainslie et al. (2023) begin from the mean, which was better than keeping one head or
 * starting at random, and then train on for 5 % of the first training. A mean can be taken before positions turn the
 * keys, as turning is linear.
 *
 * @param keyValueHeads How many to keep, a divisor of those that the model has.
 * @returns A model of its own shape, to be run, scored and asked for its bytes.
 * @throws {RangeError} when the heads cannot be split evenly into groups.
 * @example The model of the course with one key-value head
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadModel } from "@fewer-bytes/lm";
 * import { cacheBytesPerToken } from "@fewer-bytes/transformer";
 * import { meanPoolKeyValueHeads } from "@fewer-bytes/attention";
 *
 * const model = await loadModel("target");
 * const pooled = meanPoolKeyValueHeads(model, 1);
 * const ratio = cacheBytesPerToken(model.shape) / cacheBytesPerToken(pooled.shape);
 * assertEquals(ratio, model.keyValueHeads);
 * ```
 */
export function meanPoolKeyValueHeads(model: LanguageModel, keyValueHeads: number): LanguageModel {
  const pool = (weight: Weight) => meanPoolHeads(weight, model.keyValueHeads, keyValueHeads);
  return {
    ...model,
    keyValueHeads,
    shape: {
      ...model.shape,
      layers: model.shape.layers.map((group) => ({
        ...group,
        attention: group.attention.kind === "heads"
          ? { ...group.attention, keyValueHeads }
          : group.attention,
      })),
    },
    layers: model.layers.map((layer) => ({
      ...layer,
      keys: pool(layer.keys),
      values: pool(layer.values),
    })),
  };
}
