import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import {
  chunkedPrefill,
  expertBytes,
  layeredPrefill,
  promptExpertTraffic,
  requests,
  simulate,
} from "@fewer-bytes/serving";
import { qwen } from "../setups.ts";

const { model, devices } = qwen.deployment;

Deno.test("promptExpertTraffic() is what the simulator reads for a lone prompt", () => {
  const alone = requests([{ arrival: 0, promptTokens: 5000, outputTokens: 1 }]);
  const { chunked, layered } = promptExpertTraffic(model, { promptTokens: 5000, chunkTokens: 512 });
  for (
    const [policy, wanted] of [
      [chunkedPrefill({ budget: 512 }), chunked],
      [layeredPrefill(model), layered],
    ] as const
  ) {
    const { traffic } = simulate({ deployment: qwen, requests: alone, policy });
    assertAlmostEquals(traffic.experts * devices / wanted, 1, 1e-9, policy.name);
  }
  assert(chunked > 9 * layered);
});

Deno.test("expertBytes() reads k experts for one token, and all of them for very many", () => {
  const all = 48 * 128 * 3 * 2048 * 768 * 2;
  assertAlmostEquals(expertBytes(model, 1) / (all * 8 / 128), 1, 1e-9);
  assertAlmostEquals(expertBytes(model, 1e6) / all, 1, 1e-9);
  assertEquals(expertBytes(findModel("llama-3.1-8b"), 100), 0);
  assertThrows(
    () => promptExpertTraffic(model, { promptTokens: 0, chunkTokens: 512 }),
    RangeError,
    "promptTokens",
  );
});
