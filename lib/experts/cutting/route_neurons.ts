import { type LanguageModel, type MultiplyRows, multiplyRows, type Weight } from "../../lm/mod.ts";
import { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { route, type Routed, type RoutingRule } from "../routing/route.ts";
import { routeTokens } from "../routing/route_tokens.ts";

/** The feed-forward network of one layer, cut into experts. */
export interface CutLayer {
  /** For each neuron the number of its expert. */
  readonly owners: ArrayLike<number>;
  readonly experts: number;
  /** One row for each expert. Without it experts are chosen by what they did: a bound that no router reaches. */
  readonly router?: Matrix;
}

/** How much each expert of a layer did for each token, and what it read. */
export interface CutSample {
  /** Hidden states as they come in, a row for each token. */
  readonly inputs: Matrix<Float32Array<ArrayBuffer>>;
  /** The share of each expert in what all did, a row for each token. */
  readonly shares: Matrix<Float64Array<ArrayBuffer>>;
}

/**
 * What happens when a dense network is run as a mixture? Its neurons are cut into experts, and for each token only those of the
 * chosen experts work; what they add up to is not weighed, for it was trained as one sum.
 *
 * Neurons that are not chosen add nothing here but are computed all the same, as this is to see what is lost, not to be fast. On
 * a machine their part of all three matrices would not be read.
 *
 * Source: Zhang et al., "MoEfication" (arXiv 2110.01786), for networks with ReLU; here it is a gate.
 *
 * @param layers One for each layer of the model.
 * @returns `multiply` for `forward` or `score`, and for each layer where each token went, in the order in which they came.
 * @throws {TypeError} when there is not a cut for each layer, or not an expert for each neuron.
 * @throws {RangeError} when the rule asks for more experts than there are.
 * @example All of the experts together are the model as it was
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { routeNeurons } from "@fewer-bytes/experts";
 * import { loadModel, score, writeStory } from "@fewer-bytes/lm";
 *
 * const model = await loadModel("target"), stories = [writeStory(1, 30)];
 * const layers = model.layers.map(({ gate }) => ({
 *   owners: Array.from({ length: gate.outputs }, (_, neuron) => neuron % 4),
 *   experts: 4,
 * }));
 * const { multiply } = routeNeurons(model, layers, { expertsPerToken: 4 });
 * assertEquals(score(model, stories, { multiply }).loss, score(model, stories).loss);
 * ```
 */
export function routeNeurons(
  model: LanguageModel,
  layers: readonly CutLayer[],
  rule: RoutingRule | readonly RoutingRule[],
): { multiply: MultiplyRows; routed: readonly Routed[][] } {
  requireCut(model, layers);
  const routed = layers.map((): Routed[] => []);
  const rules = "expertsPerToken" in rule ? layers.map(() => rule) : rule;
  const layerOf = new Map<Weight, number>();
  model.layers.forEach(({ gate, down }, layer) => layerOf.set(gate, layer).set(down, layer));
  const lengths = model.layers.map(({ down }) => columnLengths(down));
  let chosen: Routed[] = [];
  const multiply: MultiplyRows = (x, rows, weight, y) => {
    const layer = layerOf.get(weight);
    if (layer === undefined) return multiplyRows(x, rows, weight, y);
    const { owners, experts, router } = layers[layer]!;
    if (weight === model.layers[layer]!.gate) {
      if (router) {
        chosen = routeTokens(new Matrix(rows, weight.inputs, x), router, rules[layer]!);
      }
      return multiplyRows(x, rows, weight, y);
    }
    if (!router) {
      const did = doneBy(x, rows, owners, experts, lengths[layer]!);
      chosen = Array.from({ length: rows }, (_, token) => route(did.row(token), rules[layer]!));
    }
    routed[layer]!.push(...chosen);
    const open = x.slice();
    chosen.forEach(({ experts: working }, token) => {
      const works = new Uint8Array(experts);
      for (const expert of working) works[expert] = 1;
      for (let neuron = 0; neuron < weight.inputs; neuron++) {
        if (works[owners[neuron]!] === 0) open[token * weight.inputs + neuron] = 0;
      }
    });
    multiplyRows(open, rows, weight, y);
  };
  return { multiply, routed };
}

/**
 * What would each expert do, if all worked? Run the model with `multiply`, and `samples` then says for each layer what came in
 * and how much of the output each expert made: the root of the sum of squares over its neurons, each as large as it is times
 * the length of its column on the way down.
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 * import { sampleExperts } from "@fewer-bytes/experts";
 * import { denseCache, forward, loadModel } from "@fewer-bytes/lm";
 *
 * const model = await loadModel("target");
 * const owners = Array.from({ length: model.layers[0]!.gate.outputs }, (_, neuron) => neuron % 2);
 * const { multiply, samples } = sampleExperts(model, model.layers.map(() => ({ owners, experts: 2 })));
 * forward(model, [{ tokens: [1, 2, 3], cache: denseCache(model) }], { multiply });
 * const [{ shares }] = samples() as [ReturnType<typeof samples>[number]];
 * assertAlmostEquals(shares.get(2, 0) + shares.get(2, 1), 1, 1e-12);
 * ```
 */
export function sampleExperts(
  model: LanguageModel,
  layers: readonly CutLayer[],
): { multiply: MultiplyRows; samples: () => CutSample[] } {
  requireCut(model, layers);
  const seen = layers.map(() => ({ inputs: [] as number[], shares: [] as number[] }));
  const layerOf = new Map<Weight, number>();
  model.layers.forEach(({ gate, down }, layer) => layerOf.set(gate, layer).set(down, layer));
  const lengths = model.layers.map(({ down }) => columnLengths(down));
  const multiply: MultiplyRows = (x, rows, weight, y) => {
    multiplyRows(x, rows, weight, y);
    const layer = layerOf.get(weight);
    if (layer === undefined) return;
    if (weight === model.layers[layer]!.gate) {
      for (let i = 0; i < rows * weight.inputs; i++) seen[layer]!.inputs.push(x[i]!);
      return;
    }
    const { owners, experts } = layers[layer]!;
    const did = doneBy(x, rows, owners, experts, lengths[layer]!);
    for (let token = 0; token < rows; token++) {
      const row = did.row(token);
      const sum = row.reduce((a, b) => a + b, 0) || 1;
      for (const value of row) seen[layer]!.shares.push(value / sum);
    }
  };
  const samples = () =>
    seen.map(({ inputs, shares }, layer) => {
      const { experts } = layers[layer]!, rows = shares.length / experts;
      return {
        inputs: new Matrix(rows, inputs.length / rows || 0, Float32Array.from(inputs)),
        shares: new Matrix(rows, experts, Float64Array.from(shares)),
      };
    });
  return { multiply, samples };
}

/** A row for each token: the root of the sum of squares over the neurons of each expert. */
function doneBy(
  activations: Float32Array,
  rows: number,
  owners: ArrayLike<number>,
  experts: number,
  lengths: Float64Array,
): Matrix<Float64Array<ArrayBuffer>> {
  const did = new Float64Array(rows * experts);
  for (let token = 0; token < rows; token++) {
    for (let neuron = 0; neuron < lengths.length; neuron++) {
      did[token * experts + owners[neuron]!]! +=
        (activations[token * lengths.length + neuron]! * lengths[neuron]!) ** 2;
    }
  }
  return new Matrix(rows, experts, did.map(Math.sqrt));
}

function columnLengths({ outputs, inputs, data }: Weight): Float64Array {
  const squares = new Float64Array(inputs);
  for (let output = 0; output < outputs; output++) {
    for (let input = 0; input < inputs; input++) {
      squares[input]! += data[output * inputs + input]! ** 2;
    }
  }
  return squares.map(Math.sqrt);
}

function requireCut(model: LanguageModel, layers: readonly CutLayer[]): void {
  if (layers.length !== model.layers.length) {
    throw new TypeError(
      `Cannot cut a model as each of its ${model.layers.length} layers must be cut: current number is ${layers.length}`,
    );
  }
  layers.forEach(({ owners, experts }, layer) => {
    requireInteger(experts, 1, "cut a model", "the number of experts");
    const neurons = model.layers[layer]!.gate.outputs;
    const fits = Array.from(owners).every((owner) => owner >= 0 && owner < experts);
    if (owners.length !== neurons || !fits) {
      throw new TypeError(
        `Cannot cut a model as each of ${neurons} neurons must have one of ${experts} experts: layer ${layer} has ${owners.length}`,
      );
    }
  });
}
