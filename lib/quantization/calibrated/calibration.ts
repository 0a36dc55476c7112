import {
  denseCache,
  forward,
  type LanguageModel,
  type LayerWeights,
  type MultiplyRows,
  multiplyRows,
  requireHeads,
  type Story,
  type Weight,
} from "../../lm/mod.ts";
import { Matrix } from "../../numeric/mod.ts";
import { requireInteger } from "../../units/mod.ts";
import { InputRecorder, type InputStatistics } from "./input_statistics.ts";

/** What came into each weight matrix, by its name. Matrices that read the same activations share one entry. */
export type Calibration = ReadonlyMap<string, InputStatistics>;

/** How a calibration is run. */
export interface CalibrationOptions {
  /** Rows of activations that are kept as they are, for pictures and small experiments. Default 64. */
  readonly sampleRows?: number;
  /**
   * What stands before each matrix while the model runs, and changes what comes in, such as `onlineHadamard` for a model
   * that was rotated with `down`. Default: nothing.
   */
  readonly before?: (multiply: MultiplyRows) => MultiplyRows;
  /** Called after each story. */
  readonly onStory?: (done: number, of: number) => void;
}

/**
 * The matrices of a layer, grouped by what they read: those in a group see the very same activations.
 *
 * @throws {TypeError} when the layer has latent attention.
 */
export function sharedInputs(layer: LayerWeights): Weight[][] {
  requireHeads(layer, "group matrices by what they read");
  return [
    [layer.queries, layer.keys, layer.values],
    [layer.output],
    [layer.gate, layer.up],
    [layer.down],
  ];
}

/**
 * What do the inputs of each weight matrix look like, on real text?
 *
 * Runs some stories and watches what comes in. A few are enough: only averages over tokens are wanted. All of them are
 * taken from the model as it is; GPTQ's own program quantizes block by block and lets later blocks see the errors of
 * earlier ones.
 *
 * @throws {RangeError} without stories, or when an activation is not finite.
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { loadModel, writeStory } from "@fewer-bytes/lm";
 * import { calibrate } from "@fewer-bytes/quantization";
 *
 * const calibration = calibrate(await loadModel("target"), [writeStory(1, 32)]);
 * const queries = calibration.get("model.layers.0.self_attn.q_proj.weight")!;
 * assertEquals([queries.tokens, queries.gram.rows], [32, 192]);
 * assertEquals(queries, calibration.get("model.layers.0.self_attn.k_proj.weight")!);
 * ```
 */
export function calibrate(
  model: LanguageModel,
  stories: readonly Story[],
  { sampleRows = 64, before = (multiply) => multiply, onStory }: CalibrationOptions = {},
): Calibration {
  requireInteger(stories.length, 1, "calibrate", "the number of stories");
  requireInteger(sampleRows, 0, "calibrate", "the rows of the sample");
  const groups = [...model.layers.flatMap(sharedInputs), [model.head]];
  const perStory = Math.ceil(sampleRows / stories.length);
  // Only the first matrix of a group is watched: the others would see the same.
  const recorders = new Map(
    groups.map(([first]) => [first!.name, new InputRecorder(first!.inputs, sampleRows)]),
  );
  const multiply = before((x, rows, weight, y) => {
    recorders.get(weight.name)?.add(new Matrix(rows, weight.inputs, x), perStory);
    multiplyRows(x, rows, weight, y);
  });
  stories.forEach(({ tokens }, done) => {
    forward(model, [{ tokens, cache: denseCache(model) }], { multiply, logits: "all" });
    onStory?.(done + 1, stories.length);
  });
  return new Map(groups.flatMap((group) => {
    const statistics = recorders.get(group[0]!.name)!.statistics();
    return group.map(({ name }) => [name, statistics] as const);
  }));
}

/**
 * The entry of a weight matrix.
 *
 * @throws {RangeError} when the calibration did not see the matrix.
 * @throws {TypeError} when it saw one with another number of inputs.
 */
export function statisticsOf(
  calibration: Calibration,
  { name, inputs }: Pick<Weight, "name" | "inputs">,
): InputStatistics {
  const statistics = calibration.get(name);
  if (!statistics) {
    throw new RangeError(
      `Cannot quantize ${name} as the calibration must have seen it: it saw ${calibration.size} others`,
    );
  }
  if (statistics.gram.rows !== inputs) {
    throw new TypeError(
      `Cannot quantize ${name} as the calibration must have ${inputs} inputs: current value is ${statistics.gram.rows}`,
    );
  }
  return statistics;
}
