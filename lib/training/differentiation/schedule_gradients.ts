import { type LanguageModel, multiplyRows, probabilities } from "../../lm/mod.ts";
import { type Bytes, requireInteger } from "../../units/mod.ts";
import { type Operation, uniformChain } from "../checkpointing/chain.ts";
import { replay } from "../checkpointing/replay.ts";
import { differentiateLayer, gradientOf, type Gradients } from "./differentiate_layer.ts";
import { type LayerTape, tapeArrays, tapeLayer } from "./layer_tape.ts";
import { multiplyBack, normalizeBack, normalized, weightSlopes } from "./rows.ts";

/** What a schedule made of a training step on a real model. */
export interface ScheduleGradients {
  /** Mean surprise of a token, in nats, over all but the first. */
  readonly loss: number;
  /** How the loss changes with each weight, by the names of the checkpoint. */
  readonly gradients: ReadonlyMap<string, Float32Array>;
  /** Bytes of the arrays that were kept, after each operation. The first layer's input is there in any case. */
  readonly kept: readonly Bytes[];
  /** The most of them. */
  readonly peak: Bytes;
}

/**
 * Does recomputation change what is learned? Runs a language model over a sequence and back by a schedule of
 * {@linkcode Operation}s, one stage a layer, on real arrays: what the schedule does not keep is dropped, and what it
 * computes again is computed again. The kept arrays are measured, not calculated.
 *
 * The head is no stage: its logits are made when the last layer is done, and used at once.
 *
 * @param tokens A sequence: each but the last predicts the next.
 * @throws {RangeError} when the schedule lacks what it needs, as {@linkcode replay} says, or tokens are no tokens.
 * @example Each layer keeps its input alone: the same derivatives, to the last bit
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * import { encode, loadModel } from "@fewer-bytes/lm";
 * import { scheduleGradients, segmentSchedule, uniformChain } from "@fewer-bytes/training";
 *
 * const model = await loadModel("draft"), tokens = encode("<story> Once there were Mira and Kai.");
 * const run = (segments: number) =>
 *   scheduleGradients(model, tokens, segmentSchedule(uniformChain(model.layers.length), segments));
 * const [all, again] = [run(1), run(model.layers.length)];
 * assertEquals(again.gradients, all.gradients);
 * assert(again.peak < all.peak);
 * ```
 */
export function scheduleGradients(
  model: LanguageModel,
  tokens: ArrayLike<number>,
  operations: readonly Operation[],
): ScheduleGradients {
  requireInteger(tokens.length, 2, "differentiate a model", "the number of tokens");
  replay(uniformChain(model.layers.length), operations); // refuses what cannot work, with the reason
  const { embedding, shape: { hiddenSize, vocabularySize } } = model;
  const count = tokens.length - 1, gradients: Gradients = new Map();
  const input: Float32Array = new Float32Array(count * hiddenSize);
  for (let row = 0; row <= count; row++) {
    const token = tokens[row]!;
    if (!(Number.isInteger(token) && token >= 0 && token < vocabularySize)) {
      throw new RangeError(
        `Cannot differentiate a model as tokens must be whole numbers below ${vocabularySize}: current value is ${token}`,
      );
    }
    const start = token * hiddenSize;
    if (row < count) {
      input.set(embedding.data.subarray(start, start + hiddenSize), row * hiddenSize);
    }
  }

  const inputs = new Map([[0, input]]), tapes = new Map<number, LayerTape>(), kept: Bytes[] = [];
  let current = { stage: 0, rows: input }, slopes: Float32Array | undefined, loss = NaN;
  const atHand = (stage: number) =>
    inputs.get(stage) ?? tapes.get(stage - 1)?.output ??
      (current.stage === stage ? current.rows : input);
  for (const { do: action, stage } of operations) {
    if (action === "keep") inputs.set(stage, atHand(stage));
    else if (action === "backward") {
      const tape = tapes.get(stage)!;
      if (!slopes) ({ loss, slopes } = lossBack(model, tape.output, tokens, gradients));
      slopes = differentiateLayer(model, stage, tape, slopes, gradients);
      tapes.delete(stage);
      if (stage > 0) inputs.delete(stage);
    } else {
      const tape = tapeLayer(model, stage, atHand(stage));
      if (action === "tape") tapes.set(stage, tape);
      current = { stage: stage + 1, rows: tape.output };
    }
    kept.push(bytesOf(inputs, tapes, input));
  }
  const table = gradientOf(gradients, embedding.name, embedding.data.length);
  slopes!.forEach((slope, i) => {
    table[tokens[Math.floor(i / hiddenSize)]! * hiddenSize + i % hiddenSize]! += slope;
  });
  return { loss, gradients, kept, peak: Math.max(...kept) };
}

/** Each array that is held, once, but for the first input. */
function bytesOf(
  inputs: ReadonlyMap<number, Float32Array>,
  tapes: ReadonlyMap<number, LayerTape>,
  first: Float32Array,
): Bytes {
  const held = new Set([...inputs.values(), ...[...tapes.values()].flatMap(tapeArrays)]);
  held.delete(first);
  return [...held].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** The loss, and how it changes with what the last layer gives. */
function lossBack(
  { head, norm, normEpsilon, shape: { vocabularySize } }: LanguageModel,
  output: Float32Array,
  tokens: ArrayLike<number>,
  gradients: Gradients,
): { loss: number; slopes: Float32Array } {
  const count = tokens.length - 1, normal = normalized(output, norm, normEpsilon);
  const logits = new Float32Array(count * vocabularySize);
  multiplyRows(normal, count, head, logits);
  let loss = 0;
  for (let row = 0; row < count; row++) {
    const own = logits.subarray(row * vocabularySize, (row + 1) * vocabularySize);
    const chances = probabilities(own), next = tokens[row + 1]!;
    loss -= Math.log(chances[next]!) / count;
    for (let i = 0; i < vocabularySize; i++) {
      own[i] = (chances[i]! - (i === next ? 1 : 0)) / count;
    }
  }
  weightSlopes(logits, count, normal, head, gradientOf(gradients, head.name, head.data.length));
  const normalSlopes = new Float32Array(normal.length), slopes = new Float32Array(normal.length);
  multiplyBack(logits, count, head, normalSlopes);
  const gain = gradientOf(gradients, "model.norm.weight", norm.length);
  normalizeBack(normalSlopes, output, norm, normEpsilon, slopes, gain);
  return { loss, slopes };
}
