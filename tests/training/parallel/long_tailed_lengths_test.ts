import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { seeded } from "@fewer-bytes/numeric";
import {
  longTailedLengths,
  modelFlops,
  sequenceSeconds,
  trainingForward,
} from "@fewer-bytes/training";

Deno.test("four in five are below 4K, and one in two thousand fills the context", () => {
  const context = 2 ** 21, lengths = longTailedLengths(40_000, context, seeded(3));
  assertAlmostEquals(lengths.filter((tokens) => tokens < 4096).length / 40_000, 0.8, 0.01);
  const full = lengths.filter((tokens) => tokens === context).length;
  assert(full > 5 && full < 40);
  assert(lengths.every((tokens) => Number.isInteger(tokens) && tokens >= 1 && tokens <= context));
});

Deno.test("the seconds of a sequence are those of its operator table, at any length", () => {
  for (const name of ["gpt2", "llama-3.1-8b", "mixtral-8x7b", "gemma-2-2b"]) {
    const model = findModel(name), seconds = sequenceSeconds(model, 1e12);
    for (const tokens of [1, 7, 1000, 1_000_000]) {
      const flops = modelFlops(trainingForward(model, { sequences: 1, tokens }));
      assertAlmostEquals(seconds(tokens) * 1e12 / flops, 1, 1e-9);
    }
  }
});

Deno.test("counts and rates that are none are refused", () => {
  assertThrows(() => longTailedLengths(0, 1, seeded(1)), RangeError, "the count");
  assertThrows(() => longTailedLengths(1, 0.5, seeded(1)), RangeError, "the context");
  assertThrows(() => sequenceSeconds(findModel("gpt2"), 0), RangeError, "the rate");
});
