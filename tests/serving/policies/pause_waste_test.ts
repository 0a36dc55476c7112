import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  continuousBatching,
  CountedBlocks,
  discardWasteFormula,
  keepWasteFormula,
  leastWaste,
  pauseWaste,
  requests,
  simulate,
  swapWasteFormula,
} from "@fewer-bytes/serving";
import { chat, decodeSeconds, llama, prefillSeconds } from "../setups.ts";

const amount = fc.double({ min: 0, max: 1e4, noNaN: true });

Deno.test("the printed formulas of waste are what is computed", () => {
  fc.assert(fc.property(amount, amount, amount, amount, amount, (C, O, T, F, S) => {
    const waste = pauseWaste({ context: C, others: O, seconds: T, recompute: F, swap: S });
    assertAlmostEquals(waste.keep, keepWasteFormula.evaluate({ T, C }), 1e-6);
    assertAlmostEquals(waste.discard, discardWasteFormula.evaluate({ F, C, O }), 1e-6);
    assertAlmostEquals(waste.swap, swapWasteFormula.evaluate({ S, C, O }), 1e-6);
  }));
  assertThrows(
    () => pauseWaste({ context: 1, others: 1, seconds: -1, recompute: 1, swap: 1 }),
    RangeError,
    "seconds",
  );
});

Deno.test("a pause lasts as long as the tool takes; then the cache is there, moved back, or computed again", () => {
  const one = requests([
    { arrival: 0, promptTokens: 1000, outputTokens: 4, pauseAfter: 2, pauseSeconds: 7 },
  ]);
  const run = (pause: "keep" | "swap" | "discard") =>
    simulate({
      deployment: llama,
      requests: one,
      policy: continuousBatching({ pause }),
      swapTime: () => 0.5,
    });
  const [keep, swap, discard] = [run("keep"), run("swap"), run("discard")];
  const answer = prefillSeconds(llama, 1000) + decodeSeconds(llama, 1000);
  const rest = decodeSeconds(llama, 1001) + decodeSeconds(llama, 1002);
  assertAlmostEquals(keep.duration, answer + 7 + rest, 1e-9);
  // It moves out during the pause, and waits only for the way back.
  assertAlmostEquals(swap.duration, answer + 7 + 0.5 + rest, 1e-9);
  assertEquals(swap.swaps.count, 2);
  const again = prefillSeconds(llama, 1002);
  assertAlmostEquals(discard.duration, answer + 7 + again + decodeSeconds(llama, 1002), 1e-9);
  assertEquals([keep.promptTokens, discard.promptTokens], [1000, 2002]);
  assert(keep.memory.mean > 20 * discard.memory.mean);
});

Deno.test("leastWaste() keeps through short pauses and gives room away in long ones", () => {
  const run = (seconds: number) =>
    simulate({
      deployment: llama,
      requests: chat(100, 20, { pauses: { share: 1, seconds: () => seconds } }),
      policy: continuousBatching({ pause: leastWaste(llama) }),
      memory: new CountedBlocks(3000, 16),
    });
  const [short, long] = [run(1e-3), run(30)];
  assertEquals(short.swaps.count, 0);
  assertEquals(short.outputTokens, long.outputTokens);
  assert(long.swaps.count + long.promptTokens - short.promptTokens > 100);
});
