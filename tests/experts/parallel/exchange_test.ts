import { assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { exchange, modelExchange } from "@fewer-bytes/experts";

Deno.test("exchange() sends the hidden state to each place, and as wide an output back", () => {
  assertEquals(exchange(100, 3), { dispatch: 300, combine: 600, total: 900 });
  assertEquals(exchange(100, 3, { dispatch: "bf16" }).dispatch, 600);
  // DeepSeek's FP8 has a scale of 32 bits for each 128 values.
  const dispatch = { format: "fp8", groupSize: 128, scaleBits: 32 } as const;
  assertAlmostEquals(exchange(7168, 8, { dispatch }).dispatch, 8 * (7168 + 7168 / 128 * 4), 1e-9);
});

Deno.test("modelExchange() counts the layers that have experts", () => {
  const { total } = modelExchange(findModel("deepseek-v3"));
  assertEquals(total, 58 * 8 * 7168 * 3);
  assertEquals(modelExchange(findModel("mixtral-8x7b")).total, 32 * 2 * 4096 * 3);
});

Deno.test("an exchange refuses no place, and a model without experts", () => {
  assertThrows(() => exchange(10, 0), RangeError, "the places");
  assertThrows(() => exchange(1.5, 1), RangeError, "hiddenSize");
  assertThrows(() => modelExchange(findModel("gpt2")), RangeError, "must have some");
});
