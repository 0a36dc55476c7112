import type { LanguageModel, Weight } from "../../lm/mod.ts";
import { attendBackward, turn } from "./attend_back.ts";
import type { LayerTape } from "./layer_tape.ts";
import { added, multiplyBack, normalizeBack, weightSlopes } from "./rows.ts";

/** The derivatives by weights, by the names of the checkpoint; {@linkcode gradientOf} makes one where there is none. */
export type Gradients = Map<string, Float32Array>;

/** The array for a weight's derivative, zeros at first. */
export function gradientOf(gradients: Gradients, name: string, length: number): Float32Array {
  const known = gradients.get(name);
  if (known) return known;
  const fresh = new Float32Array(length);
  gradients.set(name, fresh);
  return fresh;
}

/**
 * Backward through one layer: from how the loss changes with what goes out, to how it changes with what came in. Adds the
 * derivatives by the layer's weights on the way. Every array of the tape is read.
 *
 * @param slopes The derivative by the layer's output, a row for each token.
 * @param gradients Where derivatives by weights are added up.
 * @returns The derivative by the layer's input.
 */
export function differentiateLayer(
  model: LanguageModel,
  index: number,
  tape: LayerTape,
  slopes: Float32Array,
  gradients: Gradients,
): Float32Array {
  const layer = model.layers[index]!, { normEpsilon, queryHeads, keyValueHeads } = model;
  const tokens = slopes.length / model.shape.hiddenSize;
  const back = (dy: Float32Array, x: Float32Array, weight: Weight, dx: Float32Array) => {
    const { name, data } = weight;
    weightSlopes(dy, tokens, x, weight, gradientOf(gradients, name, data.length));
    multiplyBack(dy, tokens, weight, dx);
    return dx;
  };
  const gain = (part: string) =>
    gradientOf(gradients, `model.layers.${index}.${part}.weight`, model.shape.hiddenSize);

  const { gates, ups, gated } = tape;
  const gatedSlopes = back(slopes, gated, layer.down, new Float32Array(gated.length));
  const upSlopes = gatedSlopes.map((slope, i) => slope * gates[i]! / (1 + Math.exp(-gates[i]!)));
  const gateSlopes = gatedSlopes.map((slope, i) => {
    const gate = gates[i]!, share = 1 / (1 + Math.exp(-gate));
    return slope * ups[i]! * share * (1 + gate * (1 - share));
  });
  const wide = new Float32Array(slopes.length);
  back(gateSlopes, tape.middleNormal, layer.gate, wide);
  back(upSlopes, tape.middleNormal, layer.up, wide);
  const middle = slopes.slice(); // what passes beside the network
  const gainOfNetwork = gain("post_attention_layernorm");
  normalizeBack(wide, tape.middle, layer.feedForwardNorm, normEpsilon, middle, gainOfNetwork);

  const attended = back(middle, tape.attended, layer.output, new Float32Array(tape.queries.length));
  const { queries, keys, values } = attendBackward(model, tape, tape, attended);
  turn(queries, queryHeads, model, -1);
  turn(keys, keyValueHeads, model, -1);
  const narrow = new Float32Array(slopes.length);
  back(queries, tape.normal, layer.queries, narrow);
  back(keys, tape.normal, layer.keys, narrow);
  back(values, tape.normal, layer.values, narrow);
  const input = new Float32Array(slopes.length);
  const gainOfAttention = gain("input_layernorm");
  normalizeBack(narrow, tape.input, layer.attentionNorm, normEpsilon, input, gainOfAttention);
  return added(input, middle);
}
