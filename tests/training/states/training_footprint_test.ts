import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  activationBytes,
  largestMicroBatch,
  stateBytes,
  trainingFootprint,
} from "@fewer-bytes/training";
import { parameters } from "@fewer-bytes/transformer";

const place = {
  model: findModel("llama-2-13b"),
  hardware: findHardware("nvidia-v100-sxm-32gb"),
  batch: { sequences: 1, tokens: 1024 },
  recompute: "layers",
  memoryShare: 1,
} as const;

Deno.test("13 billion parameters train without model parallelism on 64 V100 with stage 2, and not without ZeRO", () => {
  const { fits, states } = trainingFootprint({ ...place, stage: 2, dataParallel: 64 });
  assert(fits);
  assertAlmostEquals(states.total / 1e9, 28.9, 0.05); // the claim's 13e9 · (2 + 14/64) = 28.8
  assertEquals(trainingFootprint({ ...place, dataParallel: 64 }).fits, false);
});

Deno.test("trainingFootprint() is states and activations", () => {
  const { states, activations, total } = trainingFootprint({ ...place, devices: 2 });
  assertEquals(states, stateBytes(parameters(place.model).total / 2));
  assertEquals(
    activations,
    activationBytes(place.model, place.batch, { recompute: "layers", devices: 2 }),
  );
  assertEquals(total, states.total + activations.total);
});

Deno.test("largestMicroBatch() fits, and one sequence more does not", () => {
  for (const dataParallel of [16, 64, 400]) {
    const where = { ...place, stage: 3, dataParallel } as const;
    const sequences = largestMicroBatch(where, 1024);
    assert(sequences > 0);
    assert(trainingFootprint({ ...where, batch: { sequences, tokens: 1024 } }).fits);
    const more = { sequences: sequences + 1, tokens: 1024 };
    assertEquals(trainingFootprint({ ...where, batch: more }).fits, false);
  }
  assertEquals(largestMicroBatch(place, 1024), 0);
});

Deno.test("a share of memory above 1 is refused", () => {
  assertThrows(() => trainingFootprint({ ...place, memoryShare: 2 }), RangeError, "<= 1");
  assertThrows(() => trainingFootprint({ ...place, memoryShare: NaN }), RangeError, "memoryShare");
});
