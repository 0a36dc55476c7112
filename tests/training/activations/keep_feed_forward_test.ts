import { assertEquals } from "@std/assert";
import { findModel } from "@fewer-bytes/catalog";
import { keptActivations } from "@fewer-bytes/training";

Deno.test("a mixture keeps an input of each chosen expert and what it makes of it", () => {
  const mixtral = findModel("mixtral-8x7b");
  const rows = keptActivations(mixtral, { sequences: 1, tokens: 1 });
  const of = (operator: string) =>
    rows.filter((row) => row.operator === operator).reduce((all, { bytes }) => all + bytes, 0) / 32;
  assertEquals(of("experts"), 2 * (2 * 4096 + 3 * 2 * 14336 + 2 * 4096));
  assertEquals(of("router"), 2 * 4096 + 4 * 8);
});

Deno.test("a gated network keeps three wide tensors, a plain one two", () => {
  const wide = (name: string) =>
    keptActivations(findModel(name), { sequences: 1, tokens: 1 })
      .filter(({ operator }) => ["activation function", "feed-forward down"].includes(operator))
      .reduce((sum, { bytes, layers }) => sum + bytes / layers, 0);
  assertEquals(wide("llama-2-7b"), 2 * 3 * 11008);
  assertEquals(wide("gpt2"), 2 * 2 * 4 * 768);
});

Deno.test("a shared expert keeps what every token passes", () => {
  const rows = keptActivations(findModel("deepseek-v2-lite"), { sequences: 1, tokens: 1 });
  const shared = rows.filter(({ operator }) => operator === "shared experts")
    .reduce((sum, { bytes, layers }) => sum + bytes / layers, 0);
  assertEquals(shared, 2 * 3 * 2 * 1408);
});
