import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { offloadTraffic } from "@fewer-bytes/training";
import fc from "fast-check";
import { gpt } from "../gpt_shape.ts";

const large = { hidden: 16_384, heads: 128, layers: 64, vocabulary: 50_000 };

Deno.test("counted on the table, intensities are ZeRO-Infinity's closed forms, to a few percent", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(512, 1024, 2048),
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom(1, 2, 4),
      (seq, bsz, ci) => {
        const batch = { sequences: bsz, tokens: seq };
        const { intensity } = offloadTraffic({
          model: gpt(large),
          batch,
          recompute: "layers",
          attention: "scores",
        }, ci);
        assertAlmostEquals(intensity.parameters / (seq * bsz), 1, 0.03);
        assertAlmostEquals(intensity.optimizer / (seq * bsz / 4), 1, 0.03);
        assertAlmostEquals(intensity.activations / (24 * 16_384 * ci), 1, 0.03);
      },
    ),
    { numRuns: 20 },
  );
});

Deno.test("micro-batches move weights again and the optimizer's state once", () => {
  const work = { model: gpt(large), batch: { sequences: 1, tokens: 128 } };
  const [one, four] = [1, 4].map((microBatches) => offloadTraffic({ ...work, microBatches }));
  assertEquals(four!.parameters, 4 * one!.parameters);
  assertEquals(four!.optimizer, one!.optimizer);
  assertEquals(four!.flops, 4 * one!.flops);
});

Deno.test("checkpoints that are none are refused", () => {
  const work = { model: gpt(large), batch: { sequences: 1, tokens: 128 } };
  assertThrows(() => offloadTraffic(work, 0), RangeError, "layers per checkpoint");
});
