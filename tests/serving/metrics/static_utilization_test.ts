import { assert, assertAlmostEquals, assertThrows } from "@std/assert";
import { requests, simulate, staticBatching, staticUtilization } from "@fewer-bytes/serving";
import { chat, llama } from "../setups.ts";

Deno.test("staticUtilization() is what the simulator finds when batches are full", () => {
  const { promptTokens, outputTokens } = chat(128, 1);
  const all = requests(
    Array.from(outputTokens, (output, at) => ({
      arrival: 0,
      promptTokens: promptTokens[at]!,
      outputTokens: output,
    })),
  );
  const { placeUtilization } = simulate({
    deployment: llama,
    requests: all,
    policy: staticBatching({ batch: 16 }),
  });
  assertAlmostEquals(placeUtilization, staticUtilization(outputTokens, 16), 1e-12);
  assert(placeUtilization < 0.5, "more than half is wasted on real lengths");
});

Deno.test("staticUtilization() is 1 for equal answers, falls with the batch, and refuses nonsense", () => {
  assertAlmostEquals(staticUtilization([5, 5, 5], 2), 1, 1e-12);
  const { outputTokens } = chat(1024, 1);
  const shares = [1, 4, 16, 64].map((batch) => staticUtilization(outputTokens, batch));
  assert(shares.every((share, at) => at === 0 ? share === 1 : share < shares[at - 1]!));
  assertThrows(() => staticUtilization([], 2), RangeError, "number of answers");
  assertThrows(() => staticUtilization([1], 0), RangeError, "the batch");
});
