import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { loadModel, writeStory } from "@fewer-bytes/lm";
import {
  halvingSchedule,
  keptActivations,
  optimalSchedule,
  replay,
  scheduleGradients,
  segmentSchedule,
  type Stage,
  uniformChain,
} from "@fewer-bytes/training";
import { smallModel } from "./small_model.ts";

const model = await loadModel("draft");
const tokens = writeStory(1802, 24).tokens.subarray(0, 20);
const count = tokens.length - 1;
const rows = keptActivations(model.shape, { sequences: 1, tokens: count }, { format: "fp32" });
const inLayers = rows.reduce((sum, { inLayers, bytes }) => sum + (inLayers ? bytes : 0), 0);
const stage: Stage = {
  forward: 1,
  backward: 2,
  input: 4 * count * model.shape.hiddenSize,
  tape: inLayers / model.layers.length,
};
const chain = uniformChain(model.layers.length, stage);
const all = scheduleGradients(model, tokens, segmentSchedule(chain, 1));

Deno.test("every schedule gives the same loss and the same derivatives, to the last bit", () => {
  const least = replay(chain, halvingSchedule(chain)).peak;
  for (
    const operations of [
      segmentSchedule(chain, chain.length),
      segmentSchedule(chain, 2),
      halvingSchedule(chain),
      optimalSchedule(chain, least)!.operations,
    ]
  ) {
    const { loss, gradients } = scheduleGradients(model, tokens, operations);
    assertEquals(loss, all.loss);
    assertEquals(gradients, all.gradients);
  }
});

Deno.test("the arrays that are kept have the bytes that replay() calculates, after each operation", () => {
  for (const segments of [1, 2, chain.length]) {
    const operations = segmentSchedule(chain, segments);
    const { kept, peak } = scheduleGradients(model, tokens, operations);
    const expected = replay(chain, operations);
    assertEquals(kept, expected.kept);
    assertEquals(peak, expected.peak);
  }
});

Deno.test("a small step along the derivatives changes the loss by as much as they say", () => {
  const small = smallModel(), some = [1, 5, 2, 9, 5, 0, 3];
  const keepAll = segmentSchedule(uniformChain(2), 1);
  const { gradients } = scheduleGradients(small, some, keepAll);
  const weight = small.layers[0]!.queries, slopes = gradients.get(weight.name)!;
  const moved = (step: number) => {
    const data = weight.data.map((value, i) => value + step * slopes[i]!);
    const layers = small.layers.with(0, { ...small.layers[0]!, queries: { ...weight, data } });
    return scheduleGradients({ ...small, layers }, some, keepAll).loss;
  };
  const step = 0.05, square = slopes.reduce((sum, slope) => sum + slope * slope, 0);
  const change = (moved(step) - moved(-step)) / (2 * step);
  assertAlmostEquals(change / square, 1, 1e-3);
  assert(change > 0);
});

Deno.test("schedules that lack what they need, and tokens that are none, are refused", () => {
  const bad = [{ do: "backward", stage: 0 }] as const;
  assertThrows(() => scheduleGradients(smallModel(), [1, 2], bad), RangeError, "stage 1");
  const keepAll = segmentSchedule(uniformChain(2), 1);
  assertThrows(() => scheduleGradients(smallModel(), [1], keepAll), RangeError, "tokens");
  assertThrows(() => scheduleGradients(smallModel(), [1, 11], keepAll), RangeError, "below 11");
});
