import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { findHardware, findModel } from "@fewer-bytes/catalog";
import {
  decodeSeconds,
  expectedTokens,
  speculativeRound,
  speculativeSpeedup,
} from "@fewer-bytes/decoding";
import { estimate } from "@fewer-bytes/roofline";

const on = { hardware: findHardware("nvidia-h100-sxm"), devices: 4 };
const target = { ...on, model: findModel("llama-3.1-70b") };
const draft = { ...on, model: findModel("llama-3.1-8b") };

Deno.test("decodeSeconds() is the step that estimate() times", () => {
  const { timePerOutputToken } = estimate(target, {
    promptTokens: 1000,
    outputTokens: 1,
    batch: 8,
  });
  assertAlmostEquals(decodeSeconds(target, { batch: 8, context: 1000 }), timePerOutputToken, 1e-12);
});

Deno.test("a round without drafts is a plain step", () => {
  const round = speculativeRound({ target, draft, acceptance: 0.8 }, { context: 1000 }, 0);
  assertAlmostEquals(round.speedup, 1, 1e-12);
  assertAlmostEquals(round.secondsPerToken, round.plainSeconds, 1e-12);
});

Deno.test("at batch 1 the closed form holds on hardware, with the ratio of weights for the cost", () => {
  const round = speculativeRound({ target, draft, acceptance: 0.8 }, { context: 500 }, 4);
  const draftCost = round.draftSeconds / 4 / round.plainSeconds;
  assertAlmostEquals(draftCost, 7.5 / 69.5, 0.005); // billions of parameters, embedding rows not read
  assertAlmostEquals(
    round.speedup / speculativeSpeedup({ acceptance: 0.8, draftLength: 4, draftCost }),
    1,
    0.02,
  );
});

Deno.test("where arithmetic decides, a round costs what it computes, and gives less", () => {
  const round = speculativeRound(
    { target, draft, acceptance: 0.8 },
    { batch: 4096, context: 0 },
    4,
  );
  assertAlmostEquals(round.verifySeconds / round.plainSeconds, 5, 0.2);
  assert(round.speedup < expectedTokens(0.8, 4) / 4.5);
});

Deno.test("a drafter that fills all places in one pass costs one step", () => {
  const place = { context: 500 };
  const one = speculativeRound({ target, draft, acceptance: 0.8, draftPasses: 1 }, place, 4);
  assertAlmostEquals(one.draftSeconds, decodeSeconds(draft, place, 4), 1e-12);
  const four = speculativeRound({ target, draft, acceptance: 0.8 }, place, 4);
  assert(one.draftSeconds < 0.3 * four.draftSeconds && one.speedup > four.speedup);
});

Deno.test("what is out of range is refused", () => {
  const speculation = { target, draft, acceptance: 0.8 };
  assertThrows(() => speculativeRound(speculation, { context: 1 }, -1), RangeError, "draft length");
  assertThrows(
    () => speculativeRound({ ...speculation, acceptance: 2 }, { context: 1 }, 1),
    RangeError,
    "the acceptance",
  );
  assertThrows(
    () => speculativeRound({ ...speculation, draftPasses: -1 }, { context: 1 }, 1),
    RangeError,
    "the draft's passes",
  );
});
