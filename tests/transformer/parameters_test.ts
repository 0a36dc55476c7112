import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import { findModel, modelNames } from "@fewer-bytes/catalog";
import { parameters } from "@fewer-bytes/transformer";
import published from "../../data/models/published.json" with { type: "json" };

interface Published {
  parameters: number;
  of: string;
  active?: number;
}
const totals = published as Record<string, Published>;

Deno.test("parameters() equals the published total of every model within 0.5 %", () => {
  for (const name of modelNames) {
    const expected = totals[name];
    assert(expected, `${name} has no published total`);
    assertAlmostEquals(
      parameters(findModel(name)).total,
      expected.parameters,
      0.005 * expected.parameters,
      name,
    );
  }
});

Deno.test("parameters() equals the checkpoint's count exactly where one is published", () => {
  const exact = modelNames.filter((name) => totals[name]?.of === "safetensors total");
  assert(exact.length >= 30, `only ${exact.length}`);
  for (const name of exact) {
    assertEquals(parameters(findModel(name)).total, totals[name]!.parameters, name);
  }
});

Deno.test("parameters() counts the active ones as the cards do, to their rounding", () => {
  // In billions. The gpt-oss card leaves the input embedding out of its count of active parameters; it is added here.
  const embedding = 201_088 * 2880 / 1e9;
  const cards: [string, number, number][] = [
    ["mixtral-8x7b", 12.9, 0.05],
    ["deepseek-v3", 37, 0.6],
    ["deepseek-v2", 21, 0.5],
    ["qwen3-30b-a3b", 3.3, 0.06],
    ["qwen3-235b-a22b", 22, 0.5],
    ["gpt-oss-20b", 3.6 + embedding, 0.05],
    ["gpt-oss-120b", 5.1 + embedding, 0.05],
  ];
  for (const [name, billions, rounding] of cards) {
    assertAlmostEquals(parameters(findModel(name)).active / 1e9, billions, rounding, name);
  }
});

Deno.test("parameters() adds up: components to the total, active to the total in dense models", () => {
  for (const name of modelNames) {
    const { embedding, attention, feedForward, norms, head, total, active } = parameters(
      findModel(name),
    );
    assertEquals(embedding + attention + feedForward + norms + head, total, name);
    const mixture = findModel(name).layers.some((layers) => layers.feedForward.kind === "experts");
    assertEquals(active < total, mixture, name);
  }
});
